package dev.backline.servicedefaults.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class DependencyHealthTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void aDependencyThatAnswersIsUpWithItsDetails() {
    var health = new DependencyHealth("db", LONG, false, () -> Map.of("tables", 3)).health();

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsEntry("tables", 3);
  }

  @Test
  void aDependencyThatFailsIsDownOrDegraded() {
    DependencyHealth.Check failing =
        () -> {
          throw new IllegalStateException("refused");
        };

    assertThat(new DependencyHealth("db", LONG, false, failing).health().getStatus())
        .isEqualTo(Status.DOWN);
    var degraded = new DependencyHealth("redis", LONG, true, failing).health();
    assertThat(degraded.getStatus()).isEqualTo(DependencyHealth.DEGRADED);
    assertThat(degraded.getDetails().get("error")).asString().contains("refused");
  }

  @Test
  void aDependencyThatHangsIsAskedOnceAndTakenBackWhenItAnswers() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    DependencyHealth health =
        new DependencyHealth(
            "db",
            SHORT,
            false,
            () -> {
              asked.incrementAndGet();
              begun.countDown();
              release.await();
              released.countDown();
              return Map.of();
            });

    for (int i = 0; i < 5; i++) {
      var hanging = health.health();
      assertThat(hanging.getStatus()).isEqualTo(Status.DOWN);
      assertThat(hanging.getDetails()).containsEntry("error", "no answer within 20 ms");
      begun.await();
    }
    assertThat(asked).hasValue(1);

    release.countDown();
    released.await();
    await().until(() -> health.health().getStatus().equals(Status.UP));
  }
}
