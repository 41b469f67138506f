package dev.backline.gracefulshutdown;

import java.time.Duration;

/**
 * How the time between SIGTERM and SIGKILL is spent. An instance always fits together: one that
 * does not is refused when it is made.
 *
 * @param stopTimeout from SIGTERM to SIGKILL, 1 s to 120 s
 * @param safetyMargin kept for closing clients and ending the JVM, after the drain
 * @param lameDuck the longest time to go on serving while the balancer takes notice
 * @param lameDuckQuiet ends the lame duck once no request arrived for that long
 * @param flushReserve kept for flushing, when HTTP requests or messages don't end in time
 */
public record ShutdownBudget(
    Duration stopTimeout,
    Duration safetyMargin,
    Duration lameDuck,
    Duration lameDuckQuiet,
    Duration flushReserve) {

  /** Fargate accepts no larger stopTimeout. */
  static final Duration LONGEST_STOP_TIMEOUT = Duration.ofMinutes(2);

  public ShutdownBudget {
    if (!stopTimeout.isPositive()) {
      throw new InvalidShutdownBudgetException(
          "stop-timeout", stopTimeout, "is not positive", "Set it to ECS's stopTimeout, e.g. 30s.");
    }
    if (stopTimeout.compareTo(LONGEST_STOP_TIMEOUT) > 0) {
      throw new InvalidShutdownBudgetException(
          "stop-timeout",
          stopTimeout,
          "is over 120 s, the longest stopTimeout that Fargate accepts",
          "Set it to 120s or less, and the task definition's stopTimeout to the same value.");
    }
    refuseNegative("safety-margin", safetyMargin);
    refuseNegative("lame-duck", lameDuck);
    refuseNegative("flush-reserve", flushReserve);
    if (!lameDuckQuiet.isPositive()) {
      throw new InvalidShutdownBudgetException(
          "lame-duck-quiet",
          lameDuckQuiet,
          "is not positive",
          "Set it to a positive duration, e.g. 1s; to have no lame duck at all set lame-duck=0s.");
    }
    Duration total = stopTimeout.minus(safetyMargin);
    if (!total.isPositive()) {
      throw new InvalidShutdownBudgetException(
          "safety-margin",
          safetyMargin,
          "leaves nothing of stop-timeout=" + text(stopTimeout),
          "Set safety-margin below " + text(stopTimeout) + ", or raise stop-timeout.");
    }
    if (lameDuck.compareTo(total) >= 0) {
      throw new InvalidShutdownBudgetException(
          "lame-duck",
          lameDuck,
          "is not shorter than the deadline of "
              + text(total)
              + " (stop-timeout minus safety-margin)",
          "Set lame-duck below " + text(total) + ", or raise stop-timeout.");
    }
    Duration afterLameDuck = total.minus(lameDuck);
    if (flushReserve.compareTo(afterLameDuck) >= 0) {
      throw new InvalidShutdownBudgetException(
          "flush-reserve",
          flushReserve,
          "leaves no time to drain: the lame duck ends "
              + text(afterLameDuck)
              + " before the deadline",
          "Set flush-reserve below " + text(afterLameDuck) + ", or shorten lame-duck.");
    }
  }

  /** From SIGTERM to the moment by which everything is drained and flushed. */
  public Duration total() {
    return stopTimeout.minus(safetyMargin);
  }

  /**
   * From SIGTERM to the moment at which a process that would not end is halted: a fifth of the
   * safety margin before SIGKILL, so that its last words are read.
   */
  public Duration halt() {
    return stopTimeout.minus(safetyMargin.dividedBy(5));
  }

  /** The longest time that requests and messages may take to end, counted from SIGTERM. */
  public Duration drain() {
    return total().minus(flushReserve);
  }

  /**
   * Refuses a timeout of someone else's, set by the team, that begins when the lame duck has ended
   * and would not be over when the flush has to begin.
   *
   * @throws InvalidShutdownBudgetException if it does not fit; names the longest value that does
   */
  public void requireFitsAfterLameDuck(String property, Duration timeout) {
    Duration longest = drain().minus(lameDuck);
    if (timeout.compareTo(longest) > 0) {
      throw InvalidShutdownBudgetException.of(
          property,
          timeout,
          "is longer than the "
              + text(longest)
              + " that lame-duck="
              + text(lameDuck)
              + " and flush-reserve="
              + text(flushReserve)
              + " leave of the deadline of "
              + text(total()),
          "Set it to " + text(longest) + " or less, shorten lame-duck, or raise stop-timeout.");
    }
  }

  /**
   * Refuses a timeout of someone else's, set by the team, that is longer than its part of the
   * deadline.
   *
   * @throws InvalidShutdownBudgetException if it does not fit; names the longest value that does
   */
  public void requireFits(String name, Duration timeout, Duration longest) {
    if (timeout.compareTo(longest) > 0) {
      Duration enough = stopTimeout.plus(timeout).minus(longest);
      throw InvalidShutdownBudgetException.of(
          name,
          timeout,
          "is longer than the " + text(longest) + " it has of the deadline of " + text(total()),
          "Set it to "
              + text(longest)
              + " or less"
              + (enough.compareTo(LONGEST_STOP_TIMEOUT) > 0
                  ? "."
                  : ", or backline.shutdown.stop-timeout and ECS's stopTimeout to "
                      + text(enough)
                      + " or more."));
    }
  }

  private static void refuseNegative(String property, Duration value) {
    if (value.isNegative()) {
      throw new InvalidShutdownBudgetException(
          property, value, "is negative", "Set it to zero or a positive duration.");
    }
  }

  /** As a property is written: whole seconds as {@code 5s}, else {@code 1500ms}. */
  public static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
