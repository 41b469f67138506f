package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountsTest {

  private final Counts sent = new Counts();
  private final Counts arrived = new Counts();

  @Test
  void oneTooManyDoesNotMakeUpForOneTooFew() {
    sent.add("a", 2);
    sent.add("b", 2);
    arrived.add("a", 3);
    arrived.add("b", 1);

    assertThat(sent.beyond(arrived)).as("lost").isEqualTo(1);
    assertThat(arrived.beyond(sent)).as("twice").isEqualTo(1);
    assertThat(arrived.sum()).isEqualTo(sent.sum());
  }

  @Test
  void aNameThatNobodySentIsTooMany() {
    arrived.add("stranger");

    assertThat(arrived.beyond(sent)).isEqualTo(1);
  }
}
