package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.ShutdownReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Drains all work after the web server has drained, and far before the phases in which Redis (0)
 * and the AWS clients (bean destruction) are closed; then reports.
 */
final class DrainLifecycle implements SmartLifecycle {

  /** After the web server's drain, before the management server stops at 512 below it. */
  static final int PHASE = ShutdownStart.WEB_DRAIN_PHASE - 256;

  /** For phases that come after the deadline; taken from the safety margin. */
  private static final Duration LATE_PHASE = Duration.ofSeconds(1);

  private final PhaseTimeouts phases;
  private final Shutdown shutdown;
  private final ObjectProvider<DrainableWork> works;
  private final List<Consumer<ShutdownReport>> readers;
  private volatile boolean running;

  DrainLifecycle(
      PhaseTimeouts phases,
      Shutdown shutdown,
      ObjectProvider<DrainableWork> works,
      List<Consumer<ShutdownReport>> readers) {
    this.phases = phases;
    this.shutdown = shutdown;
    this.works = works;
    this.readers = readers;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public void start() {
    shutdown.reset(works.orderedStream().toList());
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void stop() {
    running = false;
    if (!shutdown.begun()) {
      // Stopped to be started again: a test's context that pauses, a checkpoint. Nothing is closed.
      return;
    }
    try {
      ShutdownReport report = shutdown.finish();
      phases.set(report.left().compareTo(LATE_PHASE) < 0 ? LATE_PHASE : report.left());
      readers.forEach(reader -> reader.accept(report));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
