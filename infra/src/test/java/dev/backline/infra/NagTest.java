package dev.backline.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NagTest {

  @Test
  void nagAndCloudFormationValidateFindNothing() {
    assertThat(Synthesis.get().findings()).isEmpty();
  }

  @Test
  void awsHasToBeAskedNothing() {
    assertThat(Synthesis.get().file("manifest.json").has("missing")).isFalse();
  }
}
