package dev.backline.dynamodbretry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  @Test
  void waitsAndCallsTogetherEndWithinTheTimeForEverySeed() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      VirtualTime time = new VirtualTime();
      Duration timeout = Duration.ofMillis(random.nextLong(1, 30_000));
      long start = time.nanos();
      Patience patience = new Patience(BACKOFF, timeout, RetryDeadline.never(), random, time);

      while (patience.waitForRetry()) {
        time.pass(min(Duration.ofMillis(random.nextLong(0, 300)), patience.remaining()));
      }

      assertThat(Duration.ofNanos(time.nanos() - start))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(timeout);
      assertThat(time.waits()).allMatch(wait -> wait.compareTo(BACKOFF.cap()) <= 0);
    }
  }

  @Test
  void noWaitEndsAfterTheProcessForEverySeed() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      VirtualTime time = new VirtualTime();
      Duration left = Duration.ofMillis(random.nextLong(0, 10_000));
      long end = time.nanos() + left.toNanos();
      RetryDeadline process = () -> Duration.ofNanos(Math.max(0, end - time.nanos()));
      Patience patience = new Patience(BACKOFF, Duration.ofSeconds(60), process, random, time);

      int retries = 0;
      while (patience.waitForRetry() && ++retries < 1_000) {}

      assertThat(time.waited()).as("seed %d", seed).isLessThanOrEqualTo(left);
      assertThat(retries).isLessThan(1_000);
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    Patience patience =
        new Patience(
            BACKOFF, Duration.ofMinutes(1), RetryDeadline.never(), new Random(1), Time.SYSTEM);

    Thread.currentThread().interrupt();

    assertThat(patience.waitForRetry()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
