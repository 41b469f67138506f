package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.Intake;
import dev.backline.gracefulshutdown.ShutdownBudget;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** What would happen at SIGTERM, and what would have to be drained now. */
@Endpoint(id = "drainplan")
final class DrainPlanEndpoint {

  /**
   * The plan; durations are in ISO 8601, counted from SIGTERM where they say "by".
   *
   * @param killedBy when ECS sends SIGKILL
   * @param drainedBy the deadline of everything below
   * @param stopping whether it is being carried out now
   */
  record Plan(
      Duration killedBy,
      Duration drainedBy,
      boolean stopping,
      List<PlannedStep> steps,
      List<TrackedWork> works) {}

  record PlannedStep(String name, Duration endsBy, String what) {}

  record TrackedWork(String name, StopsIntake stopsIntake, int inFlight) {}

  enum StopsIntake {
    WITH_LAME_DUCK,
    AFTER_REQUESTS
  }

  private final Shutdown shutdown;

  DrainPlanEndpoint(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @ReadOperation
  Plan plan() {
    ShutdownBudget budget = shutdown.budget();
    Duration drain = budget.drain();
    return new Plan(
        budget.stopTimeout(),
        budget.total(),
        shutdown.begun(),
        List.of(
            new PlannedStep(
                "lame-duck",
                budget.lameDuck(),
                "not ready, still serving; ends early after "
                    + ShutdownBudget.text(budget.lameDuckQuiet())
                    + " without a request; queues and schedulers stop fetching at its begin"),
            new PlannedStep("requests", drain, "the connector closes, requests in flight end"),
            new PlannedStep("drain", drain, "all works are awaited until nothing is in flight"),
            new PlannedStep(
                "give-back",
                budget.total().minus(budget.flushReserve().dividedBy(2)),
                "what is left goes back where it came from, and is interrupted"),
            new PlannedStep("flush", budget.total(), "buffers are written out"),
            new PlannedStep("close", budget.stopTimeout(), "clients close, the process exits")),
        shutdown.works().stream().map(DrainPlanEndpoint::tracked).toList());
  }

  private static TrackedWork tracked(DrainableWork work) {
    return new TrackedWork(
        work.name(),
        work instanceof Intake ? StopsIntake.WITH_LAME_DUCK : StopsIntake.AFTER_REQUESTS,
        work.inFlight());
  }
}
