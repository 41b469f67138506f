package dev.backline.localcloud.process;

import java.util.function.Supplier;

/** A server that can go away and come back, to see what the suite does meanwhile. */
public final class Server implements AutoCloseable {

  private final Supplier<ChildProcess> launch;
  private volatile ChildProcess process;

  private Server(Supplier<ChildProcess> launch) {
    this.launch = launch;
    this.process = launch.get();
  }

  static Server start(Supplier<ChildProcess> launch) {
    return new Server(launch);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Starts it again if it has been stopped or has died, and waits until it answers. */
  public synchronized void startAgain() {
    if (!process.isAlive()) {
      process = launch.get();
    }
  }

  /** Stops it and waits for its end. */
  public synchronized void stop() {
    process.close();
  }

  @Override
  public void close() {
    stop();
  }
}
