package dev.backline.dynamodbretry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long one operation goes on: its waits follow the back-off and none of them would end after
 * its time.
 */
final class Patience {

  private final Backoff backoff;
  private final RetryDeadline deadline;
  private final RandomGenerator random;
  private final Time time;
  private final long end;
  private int retries;

  Patience(
      Backoff backoff,
      Duration timeout,
      RetryDeadline deadline,
      RandomGenerator random,
      Time time) {
    this.backoff = backoff;
    this.deadline = deadline;
    this.random = random;
    this.time = time;
    this.end = time.nanos() + timeout.toNanos();
  }

  /** Time left, never negative. */
  Duration remaining() {
    Duration own = Duration.ofNanos(Math.max(0, end - time.nanos()));
    Duration process = deadline.remaining();
    return own.compareTo(process) < 0 ? own : process;
  }

  /**
   * Waits before the next try. Answers false, without waiting, when there is no time for it or on
   * an interrupt.
   */
  boolean waitForRetry() {
    Duration delay = backoff.delay(++retries, random);
    if (delay.compareTo(remaining()) >= 0) {
      return false;
    }
    try {
      time.sleep(delay);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** After progress the next wait is short again. */
  void startAfresh() {
    retries = 0;
  }
}
