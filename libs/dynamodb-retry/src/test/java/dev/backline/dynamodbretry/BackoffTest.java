package dev.backline.dynamodbretry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(25), Duration.ofSeconds(2));

  @Test
  void theCeilingDoublesUpToTheCap() {
    assertThat(LongStream.rangeClosed(1, 9).map(n -> BACKOFF.ceiling((int) n).toMillis()))
        .containsExactly(25L, 50L, 100L, 200L, 400L, 800L, 1600L, 2000L, 2000L);
  }

  @Test
  void aLateRetryDoesNotOverflow() {
    assertThat(BACKOFF.ceiling(Integer.MAX_VALUE)).isEqualTo(BACKOFF.cap());
  }

  @Test
  void everyDelayIsBetweenZeroAndTheCeilingForEverySeed() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      for (int retry = 1; retry <= 12; retry++) {
        assertThat(BACKOFF.delay(retry, random))
            .isBetween(Duration.ZERO, BACKOFF.ceiling(retry))
            .isLessThanOrEqualTo(BACKOFF.cap());
      }
    }
  }

  @Test
  void theJitterIsFull() {
    Random random = new Random(1);
    var millis =
        LongStream.range(0, 10_000)
            .map(i -> BACKOFF.delay(7, random).toMillis())
            .summaryStatistics();

    assertThat(millis.getMin()).isLessThan(16);
    assertThat(millis.getMax()).isGreaterThan(1_584);
    assertThat(millis.getAverage()).isBetween(760.0, 840.0);
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> BACKOFF.ceiling(0));
  }
}
