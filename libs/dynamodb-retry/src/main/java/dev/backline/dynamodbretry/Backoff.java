package dev.backline.dynamodbretry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: before retry <i>n</i> (counted from 1) a caller waits a
 * random time between zero and {@code min(cap, base * 2^(n-1))}.
 *
 * <p>Of the usual forms it is the one that costs the fewest calls and the least time when many
 * callers contend; see <a
 * href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * Backoff And Jitter</a>.
 *
 * @param base the longest wait before the first retry, positive
 * @param cap the longest wait before any retry, at least {@code base}
 */
public record Backoff(Duration base, Duration cap) {

  /** For use by many threads at once, which most generators are not. */
  static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

  public Backoff {
    if (base.isNegative() || base.isZero()) {
      throw new IllegalArgumentException("base must be positive but is " + base);
    }
    if (cap.compareTo(base) < 0) {
      throw new IllegalArgumentException("cap " + cap + " is shorter than base " + base);
    }
  }

  /** The longest wait before the given retry, counted from 1. */
  public Duration ceiling(int retry) {
    if (retry < 1) {
      throw new IllegalArgumentException("retries are counted from 1, not " + retry);
    }
    Duration ceiling = base;
    for (int n = 1; n < retry && ceiling.compareTo(cap) < 0; n++) {
      ceiling = ceiling.multipliedBy(2);
    }
    return ceiling.compareTo(cap) < 0 ? ceiling : cap;
  }

  /** A wait before the given retry: uniform in [0, {@link #ceiling}]. */
  public Duration delay(int retry, RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(ceiling(retry).toNanos() + 1));
  }
}
