package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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
    AtomicBoolean over = new AtomicBoolean();
    Thread traffic =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get()) {
                    activity.begin();
                    activity.end();
                    Thread.onSpinWait();
                  }
                });

    LameDuck lameDuck = LameDuck.await(activity, budget(Duration.ofMillis(900)), hour());
    over.set(true);
    traffic.join();

    assertThat(lameDuck.quiet()).isFalse();
    assertThat(lameDuck.requests()).isPositive();
    assertThat(activity.inFlight()).isZero();
  }

  @Test
  void neverOutlastsTheDeadline() throws Exception {
    LameDuck lameDuck =
        LameDuck.await(activity, budget(Duration.ofMillis(900)), Deadline.after(Duration.ZERO));

    assertThat(lameDuck.quiet()).isFalse();
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
