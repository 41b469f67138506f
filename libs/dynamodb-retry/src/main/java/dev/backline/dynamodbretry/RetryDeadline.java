package dev.backline.dynamodbretry;

import java.time.Duration;

/**
 * The time that the process still has. No retry waits past it, so that a throttled table cannot
 * hold up a shutdown until it is killed. Give a bean of this type to connect it with whatever ends
 * the process.
 */
@FunctionalInterface
public interface RetryDeadline {

  /** The time that is left, zero when it has passed. */
  Duration remaining();

  /** A deadline that never comes. */
  static RetryDeadline never() {
    return () -> Duration.ofDays(365);
  }
}
