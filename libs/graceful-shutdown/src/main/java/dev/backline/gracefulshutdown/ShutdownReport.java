package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was drained and what was not.
 *
 * @param elapsed from SIGTERM to the end of the last flush
 * @param left what was left until the deadline
 * @param lameDuck absent where no server was running or the context was closed without a signal
 * @param requestsAbandoned HTTP requests that had not ended
 * @param works the outcome of each intake and each {@link DrainableWork}
 */
public record ShutdownReport(
    Duration elapsed,
    Duration left,
    @Nullable LameDuck lameDuck,
    int requestsAbandoned,
    List<WorkOutcome> works) {

  public ShutdownReport {
    works = List.copyOf(works);
  }

  public boolean complete() {
    return requestsAbandoned == 0 && works.stream().allMatch(WorkOutcome::drained);
  }
}
