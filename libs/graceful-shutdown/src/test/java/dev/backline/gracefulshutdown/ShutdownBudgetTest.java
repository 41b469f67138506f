package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShutdownBudgetTest {

  @Test
  void theDrainEndsInTimeForTheFlush() {
    ShutdownBudget budget = budget("30s", "5s", "5s", "1s", "3s");

    assertThat(budget.total()).isEqualTo(Duration.ofSeconds(25));
    assertThat(budget.drain()).isEqualTo(Duration.ofSeconds(22));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0s   | 5s  | 5s  | 1s  | 3s  | stop-timeout=0s     | e.g. 30s
          -1s  | 5s  | 5s  | 1s  | 3s  | stop-timeout=-1s    | e.g. 30s
          121s | 5s  | 5s  | 1s  | 3s  | stop-timeout=121s   | 120s or less
          30s  | -1s | 5s  | 1s  | 3s  | safety-margin=-1s   | zero or a positive
          30s  | 30s | 5s  | 1s  | 3s  | safety-margin=30s   | below 30s
          30s  | 5s  | -1s | 1s  | 3s  | lame-duck=-1s       | zero or a positive
          30s  | 5s  | 25s | 1s  | 3s  | lame-duck=25s       | below 25s
          30s  | 5s  | 60s | 1s  | 3s  | lame-duck=60s       | raise stop-timeout
          30s  | 5s  | 5s  | 0s  | 3s  | lame-duck-quiet=0s  | positive
          30s  | 5s  | 5s  | -1s | 3s  | lame-duck-quiet=-1s | positive
          30s  | 5s  | 5s  | 1s  | -1s | flush-reserve=-1s   | zero or a positive
          30s  | 5s  | 5s  | 1s  | 20s | flush-reserve=20s   | below 20s
          """)
  void aBudgetThatDoesNotFitIsRefusedWithTheNumberToChange(
      String stopTimeout,
      String safetyMargin,
      String lameDuck,
      String lameDuckQuiet,
      String flushReserve,
      String message,
      String action) {
    assertThatExceptionOfType(InvalidShutdownBudgetException.class)
        .isThrownBy(() -> budget(stopTimeout, safetyMargin, lameDuck, lameDuckQuiet, flushReserve))
        .withMessageStartingWith("backline.shutdown." + message + " ")
        .satisfies(refused -> assertThat(refused.action()).contains(action));
  }

  private static ShutdownBudget budget(
      String stopTimeout,
      String safetyMargin,
      String lameDuck,
      String lameDuckQuiet,
      String flushReserve) {
    return new ShutdownBudget(
        duration(stopTimeout),
        duration(safetyMargin),
        duration(lameDuck),
        duration(lameDuckQuiet),
        duration(flushReserve));
  }

  private static Duration duration(String text) {
    return Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
  }
}
