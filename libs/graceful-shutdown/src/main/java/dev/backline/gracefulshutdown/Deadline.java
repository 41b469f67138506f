package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which everything has to be done, on the monotonic clock: a step of the wall clock
 * moves it neither way.
 */
public final class Deadline {

  private final LongSupplier nanoTime;
  private final long at;

  private Deadline(Duration duration, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.at = nanoTime.getAsLong() + Math.max(0, duration.toNanos());
  }

  /** A deadline that far from now; zero and negative durations give one that has passed. */
  public static Deadline after(Duration duration) {
    return after(duration, System::nanoTime);
  }

  static Deadline after(Duration duration, LongSupplier nanoTime) {
    return new Deadline(duration, nanoTime);
  }

  /** What is left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, at - nanoTime.getAsLong()));
  }

  /** What is left, but not more than {@code atMost}: the timeout to give to a single call. */
  public Duration remaining(Duration atMost) {
    Duration remaining = remaining();
    return remaining.compareTo(atMost) < 0 ? remaining : atMost;
  }

  /** What is left when {@code reserve} is kept for a later step, never negative. */
  public Duration remainingBefore(Duration reserve) {
    Duration remaining = remaining().minus(reserve);
    return remaining.isNegative() ? Duration.ZERO : remaining;
  }

  /** Whether nothing is left. */
  public boolean hasPassed() {
    return at - nanoTime.getAsLong() <= 0;
  }

  @Override
  public String toString() {
    return "Deadline[in " + remaining().toMillis() + " ms]";
  }
}
