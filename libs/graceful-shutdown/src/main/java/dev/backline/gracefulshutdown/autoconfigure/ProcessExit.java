package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.StopSignals;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Closes the context at SIGTERM or Ctrl-C and tells by the exit code how that went, which the JVM's
 * own 143 doesn't. A second SIGTERM changes nothing; a second Ctrl-C ends the process at once.
 */
final class ProcessExit implements ShutdownSignal, SmartInitializingSingleton, DisposableBean {

  static final int DRAINED = 0;
  static final int CLOSE_FAILED = 1;

  /** As timeout(1) has it: time was up. */
  static final int CUT_OFF = 124;

  /** As a shell has it: 128 plus SIGINT. */
  static final int INTERRUPTED = 130;

  private static final Logger log = LoggerFactory.getLogger(ProcessExit.class);

  private final ConfigurableApplicationContext context;
  private final Shutdown shutdown;
  private final AtomicBoolean received = new AtomicBoolean();
  private volatile boolean interrupted;
  private @Nullable StopSignals signals;

  ProcessExit(ConfigurableApplicationContext context, Shutdown shutdown) {
    this.context = context;
    this.shutdown = shutdown;
  }

  @Override
  public boolean received() {
    return received.get() || ShutdownSignal.jvmIsEnding();
  }

  /**
   * Every bean has been made and none has been started. A process that was told to end meanwhile
   * takes no work, so that nothing has to be drained.
   */
  @Override
  public void afterSingletonsInstantiated() {
    if (ShutdownSignal.jvmIsEnding()) {
      log.info("Shutdown: told to stop while starting; no work was taken");
      // Boot reports nothing for this exception, but the main thread would print it.
      Thread.currentThread().setUncaughtExceptionHandler((thread, abandoned) -> {});
      throw new AbandonedRunException(context);
    }
    signals = StopSignals.listen(this::onSignal);
  }

  private void onSignal(String name) {
    boolean ctrlC = name.equals("INT");
    if (received.compareAndSet(false, true)) {
      interrupted = ctrlC;
      Thread closing = Thread.ofPlatform().daemon(false).name("shutdown").start(this::closeAndExit);
      Thread.ofPlatform().daemon().name("shutdown-limit").start(() -> haltInTime(closing));
    } else if (ctrlC && interrupted) {
      Runtime.getRuntime().halt(INTERRUPTED);
    } else {
      interrupted |= ctrlC;
    }
  }

  private void closeAndExit() {
    int code = CLOSE_FAILED;
    try {
      context.close();
      code = code();
    } catch (RuntimeException | Error failure) {
      log.error("Shutdown: the context did not close", failure);
    } finally {
      System.exit(code);
    }
  }

  /**
   * Whatever hangs when everything has been drained, a client's close or somebody's shutdown hook,
   * is named before ECS would end the process without a word.
   */
  private void haltInTime(Thread closing) {
    try {
      Thread.sleep(shutdown.budget().halt());
    } catch (InterruptedException e) {
      return;
    }
    Exception hung = new IllegalStateException("The thread \"shutdown\" hung here");
    hung.setStackTrace(closing.getStackTrace());
    log.error("Shutdown: the process did not end by itself and is halted", hung);
    Runtime.getRuntime().halt(CUT_OFF);
  }

  private int code() {
    ShutdownReport report = shutdown.report();
    return report != null && report.complete() ? DRAINED : CUT_OFF;
  }

  /** Where nobody signalled, the process lives on, and the signals are someone else's again. */
  @Override
  public void destroy() {
    if (signals != null && !received.get()) {
      signals.close();
    }
  }
}
