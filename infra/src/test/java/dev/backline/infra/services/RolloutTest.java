package dev.backline.infra.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.infra.InvalidConfigurationException;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RolloutTest {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @Test
  void aPercentageOverAHundredIsRefused() {
    assertRefused(
        () -> new Rollout.Canary(200, TEN_MINUTES, TEN_MINUTES),
        "Canary.percent=200.0 is not between 0.1 and 100.0.");
    assertRefused(
        () -> new Rollout.Canary(Double.NaN, TEN_MINUTES, TEN_MINUTES),
        "Canary.percent=NaN is not between 0.1 and 100.0.");
    assertRefused(
        () -> new Rollout.Rolling(101, 200),
        "Rolling.minPercent=101.0 is not between 0.0 and 100.0.");
    assertRefused(
        () -> new Rollout.Rolling(50, 201),
        "Rolling.maxPercent=201.0 is not between 100.0 and 200.0.");
  }

  @Test
  void aRollingRolloutThatCannotReplaceATaskIsRefused() {
    assertRefused(
        () -> new Rollout.Rolling(100, 100),
        "Rolling(minPercent=100, maxPercent=100) leaves ECS no room to replace a task. Lower minPercent or raise maxPercent.");
    assertThatCode(() -> new Rollout.Rolling(100, 101)).doesNotThrowAnyException();
    assertThatCode(() -> new Rollout.Rolling(99, 100)).doesNotThrowAnyException();
  }

  @Test
  void roomIsCountedInWholeTasks() {
    assertThat(new Rollout.Rolling(50, 150).leavesRoomFor(1)).isFalse();
    assertThat(new Rollout.Rolling(50, 150).leavesRoomFor(2)).isTrue();
    assertThat(new Rollout.Rolling(50, 200).leavesRoomFor(1)).isTrue();
    assertThat(new Rollout.Rolling(100, 125).leavesRoomFor(3)).isFalse();
  }

  @Test
  void aPauseIsInWholeMinutesAndADayAtMost() {
    assertRefused(
        () -> new Rollout.BlueGreen(Duration.ofSeconds(90)),
        "BlueGreen.bake=PT1M30S is not a number of whole minutes from 0 to 1440.");
    assertRefused(
        () -> new Rollout.Canary(10, TEN_MINUTES, Duration.ofHours(25)),
        "Canary.bake=PT25H is not a number of whole minutes from 0 to 1440.");
    assertRefused(
        () -> new Rollout.Canary(10, Duration.ofMinutes(-1), TEN_MINUTES),
        "Canary.evaluation=PT-1M is not a number of whole minutes from 0 to 1440.");
  }

  private static void assertRefused(Supplier<Rollout> rollout, String message) {
    assertThatThrownBy(rollout::get)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(message);
  }
}
