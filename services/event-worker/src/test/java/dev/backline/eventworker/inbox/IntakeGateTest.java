package dev.backline.eventworker.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntakeGateTest {

  private long seconds;
  private int probes;
  private boolean storeTakesWrites;

  private final IntakeGate gate =
      new IntakeGate(
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          () -> {
            probes++;
            return storeTakesWrites;
          },
          () -> Duration.ofSeconds(seconds).toNanos());

  @Test
  void isOpenUntilTheStoreFails() {
    assertThat(gate.isOpen()).isTrue();
    gate.storeFailed();
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.isShut()).isTrue();
    assertThat(probes).isZero();
  }

  @Test
  void opensAfterAProbeThatSucceeds() {
    gate.storeFailed();
    storeTakesWrites = true;
    seconds = 1;
    assertThat(gate.isOpen()).isTrue();
    assertThat(probes).isOne();
  }

  @Test
  void probesMoreAndMoreSeldom() {
    gate.storeFailed();
    for (seconds = 0; seconds <= 15; seconds++) {
      assertThat(gate.isOpen()).isFalse();
    }
    // At 1, 3, 7, 11 and 15 seconds: pauses of 1, 2, 4, 4 and 4.
    assertThat(probes).isEqualTo(5);
  }

  @Test
  void aStoreThatTakesProbesButNoMessagesIsAskedMoreAndMoreSeldom() {
    storeTakesWrites = true;
    gate.storeFailed();
    seconds = 1;
    assertThat(gate.isOpen()).isTrue();
    gate.storeFailed();
    seconds = 2;
    assertThat(gate.isOpen()).isFalse();
    seconds = 3;
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void aHandledMessageOpensItAndResetsThePauses() {
    gate.storeFailed();
    gate.storeAnswered();
    assertThat(gate.isOpen()).isTrue();
    gate.storeFailed();
    storeTakesWrites = true;
    seconds = 1;
    assertThat(gate.isOpen()).isTrue();
  }
}
