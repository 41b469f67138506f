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
 * @param steps what was done, in this order, and how long each took
 * @param works the outcome of each {@link DrainableWork}
 */
public record ShutdownReport(
    Duration elapsed,
    Duration left,
    @Nullable LameDuck lameDuck,
    List<Step> steps,
    List<WorkOutcome> works) {

  /** One step of the shutdown. */
  public record Step(String name, Duration elapsed) {}

  public ShutdownReport {
    steps = List.copyOf(steps);
    works = List.copyOf(works);
  }

  /** Whether all work ended, or went back where it came from, before the deadline. */
  public boolean complete() {
    return works.stream().allMatch(WorkOutcome::complete);
  }
}
