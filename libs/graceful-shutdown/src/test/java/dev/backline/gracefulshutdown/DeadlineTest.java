package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  /** Close to the overflow that System.nanoTime() may have at any moment. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

  @Test
  void whatIsLeftShrinksToZeroAndNotBelow() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), now::get);
    assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(2));

    now.addAndGet(Duration.ofMillis(1_500).toNanos());
    assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(500));
    assertThat(deadline.hasPassed()).isFalse();

    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(deadline.remaining()).isZero();
    assertThat(deadline.hasPassed()).isTrue();
  }

  @Test
  void aSingleCallGetsNoMoreThanItsOwnTimeout() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), now::get);

    assertThat(deadline.remaining(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(deadline.remaining(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aReserveIsKeptFromWhatIsLeft() {
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), now::get);

    assertThat(deadline.remainingBefore(Duration.ofMillis(500))).hasMillis(1_500);
    assertThat(deadline.remainingBefore(Duration.ofSeconds(5))).isZero();
  }

  @Test
  void aNegativeDurationHasPassedAtOnce() {
    assertThat(Deadline.after(Duration.ofSeconds(-1), now::get).hasPassed()).isTrue();
  }
}
