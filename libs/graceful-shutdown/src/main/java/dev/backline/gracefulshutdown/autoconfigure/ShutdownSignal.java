package dev.backline.gracefulshutdown.autoconfigure;

/** Tells a process that was told to end from a context that is closed within a living one. */
@FunctionalInterface
interface ShutdownSignal {

  boolean received();

  /**
   * The JVM refuses new hooks once it runs the registered ones. That covers SIGTERM, SIGINT and
   * System.exit, needs no signal handler of our own, and is false where a test closes its context.
   */
  static boolean jvmIsEnding() {
    Thread probe = new Thread(() -> {}, "shutdown-probe");
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException shutdownInProgress) {
      return true;
    }
  }
}
