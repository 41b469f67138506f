package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LameDuckTest {

  private final RequestActivity activity = new RequestActivity();

  @Test
  void endsEarlyOnceNothingArrivesAnyMore() throws Exception {
    activity.begin();

    LameDuck lameDuck = LameDuck.await(activity, budget(Duration.ofMillis(100)), hour());

    assertThat(lameDuck.quiet()).isTrue();
    assertThat(lameDuck.requests()).isZero();
  }

  @Test
  void lastsAsLongAsItMayWhileRequestsArrive() throws Exception {
    RequestActivity busy = new RequestActivity(() -> 0);
    AtomicBoolean over = new AtomicBoolean();
    Thread traffic =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get()) {
                    busy.begin();
                    busy.end();
                    Thread.onSpinWait();
                  }
                });

    LameDuck lameDuck = LameDuck.await(busy, budget(Duration.ofMillis(900)), hour());
    over.set(true);
    traffic.join();

    assertThat(lameDuck.quiet()).isFalse();
    assertThat(lameDuck.requests()).isPositive();
    assertThat(busy.inFlight()).isZero();
  }

  @Test
  void neverOutlastsTheDeadline() throws Exception {
    LameDuck lameDuck =
        LameDuck.await(activity, budget(Duration.ofMillis(900)), Deadline.after(Duration.ZERO));

    assertThat(lameDuck.quiet()).isFalse();
  }

  @Test
  void aTrickleOfRequestsIsNotTakenForQuiet() {
    AtomicLong now = new AtomicLong();
    RequestActivity trickle = new RequestActivity(now::get);
    for (int request = 0; request < 50; request++) {
      now.addAndGet(Duration.ofSeconds(2).toNanos());
      trickle.begin();
    }

    now.addAndGet(Duration.ofMillis(5_900).toNanos());
    assertThat(trickle.isQuiet(Duration.ofSeconds(1))).isFalse();
    now.addAndGet(Duration.ofMillis(200).toNanos());
    assertThat(trickle.isQuiet(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void afterManyRequestsTheLeastQuietIsEnough() {
    AtomicLong now = new AtomicLong();
    RequestActivity busy = new RequestActivity(now::get);
    for (int request = 0; request < 50; request++) {
      now.addAndGet(Duration.ofMillis(5).toNanos());
      busy.begin();
    }

    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(busy.isQuiet(Duration.ofSeconds(1))).isTrue();
  }

  private static ShutdownBudget budget(Duration quiet) {
    return new ShutdownBudget(
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        quiet,
        Duration.ofSeconds(3));
  }

  private static Deadline hour() {
    return Deadline.after(Duration.ofHours(1));
  }
}
