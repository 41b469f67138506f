package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.DrainSequence;
import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.LameDuck;
import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.WorkOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Drains all work after the web server has drained, and far before the phases in which Redis (0)
 * and the AWS clients (bean destruction) are closed; then reports.
 */
final class DrainLifecycle implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DrainLifecycle.class);

  /** After the web server's drain, before the management server stops at 512 below it. */
  static final int PHASE = ShutdownStart.WEB_DRAIN_PHASE - 256;

  /** For phases that come after the deadline; taken from the safety margin. */
  private static final Duration LATE_PHASE = Duration.ofSeconds(1);

  private final PhaseTimeouts phases;
  private final Shutdown shutdown;
  private final ObjectProvider<DrainableWork> works;
  private final @Nullable RequestActivity requests;
  private volatile List<DrainableWork> started = List.of();
  private volatile boolean running;
  private volatile @Nullable ShutdownReport report;

  DrainLifecycle(
      PhaseTimeouts phases,
      Shutdown shutdown,
      ObjectProvider<DrainableWork> works,
      @Nullable RequestActivity requests) {
    this.phases = phases;
    this.shutdown = shutdown;
    this.works = works;
    this.requests = requests;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public void start() {
    shutdown.reset();
    started = works.orderedStream().toList();
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** For tests: what the log line says. */
  @Nullable ShutdownReport report() {
    return report;
  }

  @Override
  public void stop() {
    running = false;
    Deadline deadline = shutdown.begin();
    Duration reserve = shutdown.budget().flushReserve();
    int requestsAbandoned = requests == null ? 0 : requests.inFlight();
    try {
      List<WorkOutcome> outcomes = new ArrayList<>();
      outcomes.addAll(shutdown.intakeStop().await(deadline, reserve));
      outcomes.addAll(DrainSequence.run(started, deadline, reserve));
      Duration left = deadline.remaining();
      Duration elapsed = shutdown.budget().total().minus(left);
      ShutdownReport made =
          new ShutdownReport(elapsed, left, shutdown.lameDuck(), requestsAbandoned, outcomes);
      report = made;
      phases.set(left.compareTo(LATE_PHASE) < 0 ? LATE_PHASE : left);
      write(made);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(ShutdownReport report) {
    LameDuck lameDuck = report.lameDuck();
    List<String> lost =
        report.works().stream().filter(work -> !work.drained()).map(WorkOutcome::toString).toList();
    var line =
        log.atLevel(report.complete() ? Level.INFO : Level.WARN)
            .addKeyValue("elapsedMs", report.elapsed().toMillis())
            .addKeyValue("leftMs", report.left().toMillis())
            .addKeyValue("lameDuckMs", lameDuck == null ? 0 : lameDuck.elapsed().toMillis())
            .addKeyValue("lameDuckRequests", lameDuck == null ? 0 : lameDuck.requests())
            .addKeyValue("requestsAbandoned", report.requestsAbandoned())
            .addKeyValue(
                "drained",
                report.works().stream()
                    .filter(WorkOutcome::drained)
                    .map(work -> work.name() + "=" + work.elapsed().toMillis() + "ms")
                    .toList()
                    .toString());
    if (report.complete()) {
      line.log("Shutdown: everything drained in {} ms", report.elapsed().toMillis());
    } else {
      line.addKeyValue("lost", lost.toString())
          .log(
              "Shutdown: not everything drained in {} ms: {} HTTP requests abandoned, {}",
              report.elapsed().toMillis(),
              report.requestsAbandoned(),
              lost);
    }
  }
}
