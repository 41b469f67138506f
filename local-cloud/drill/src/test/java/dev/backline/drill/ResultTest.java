package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.drill.Ledger.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResultTest {

  private static final Requests ALL_ANSWERED =
      new Requests(Map.of(Answer.EXPECTED, 10L), Map.of(), Duration.ofMillis(5));
  private static final Requests ONE_FAILED =
      new Requests(
          Map.of(Answer.EXPECTED, 9L, Answer.BAD_GATEWAY, 1L), Map.of(), Duration.ofMillis(5));
  private static final Instance.Exit CLEAN = exit(Duration.ofSeconds(4), 0);

  @ParameterizedTest
  @EnumSource(Mode.class)
  void nothingLostIsFineInEveryMode(Mode mode) {
    assertThat(result(mode, ALL_ANSWERED, tally(0, 0), CLEAN, CLEAN).violations()).isEmpty();
  }

  @Test
  void aFailedRequestIsAllowedWhereTheLibraryIsNotAtWork() {
    assertThat(result(Mode.GRACEFUL, ONE_FAILED, tally(0, 0), CLEAN, CLEAN).violations())
        .containsExactly("1 of 10 requests failed");
    assertThat(result(Mode.PLAIN, ONE_FAILED, tally(0, 0), CLEAN, CLEAN).violations()).isEmpty();
    assertThat(result(Mode.KILL, ONE_FAILED, tally(0, 0), CLEAN, CLEAN).violations()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whatMustNotBeLostMustNotBeLostInAnyMode(Mode mode) {
    assertThat(result(mode, ALL_ANSWERED, tally(2, 0), CLEAN, CLEAN).violations())
        .containsExactly("2 of 10 messages lost");
  }

  @Test
  void aLossIsAllowedInTheModesThatAreNamedOnly() {
    Tally tally = tally(2, 0).mayBeLostIn(Mode.KILL);

    assertThat(result(Mode.KILL, ALL_ANSWERED, tally, CLEAN, CLEAN).violations()).isEmpty();
    assertThat(result(Mode.PLAIN, ALL_ANSWERED, tally, CLEAN, CLEAN).violations()).hasSize(1);
  }

  @Test
  void twiceIsAllowedInTheModesThatAreNamedOnly() {
    Tally tally = tally(0, 3).mayComeTwiceIn(Mode.PLAIN);

    assertThat(result(Mode.PLAIN, ALL_ANSWERED, tally, CLEAN, CLEAN).violations()).isEmpty();
    assertThat(result(Mode.GRACEFUL, ALL_ANSWERED, tally, CLEAN, CLEAN).violations())
        .containsExactly("3 messages twice");
  }

  @Test
  void anExitThatTakesTooLongIsAViolation() {
    Instance.Exit late = exit(Duration.ofSeconds(25), 0);
    Instance.Exit lateWhenIdle = exit(Duration.ofSeconds(7), 0);

    assertThat(result(Mode.GRACEFUL, ALL_ANSWERED, tally(0, 0), late, lateWhenIdle).violations())
        .containsExactly(
            "an exit under load took 25.0 s; less than 25.0 s is wanted",
            "an exit without traffic took 7.0 s; less than 7.0 s is wanted");
    assertThat(result(Mode.PLAIN, ALL_ANSWERED, tally(0, 0), late, late).violations()).isEmpty();
  }

  @Test
  void anExitCodeThatTellsOfSomethingCutOffIsAViolation() {
    assertThat(
            result(Mode.GRACEFUL, ALL_ANSWERED, tally(0, 0), exit(Duration.ZERO, 124), CLEAN)
                .violations())
        .containsExactly("an exit under load with code 124");
  }

  private static Tally tally(long lost, long twice) {
    return Tally.exact("messages", 10, 10 - lost, twice, lost);
  }

  private static Instance.Exit exit(Duration after, int code) {
    return new Instance.Exit(after, code, false);
  }

  private static Result result(
      Mode mode, Requests requests, Tally tally, Instance.Exit exit, Instance.Exit idle) {
    return new Result(mode, requests, List.of(tally), List.of(exit), List.of(idle));
  }
}
