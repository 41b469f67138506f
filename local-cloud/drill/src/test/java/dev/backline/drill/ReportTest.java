package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.drill.Ledger.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void showsTheModesSideBySideAsMarkdown() {
    String report = Report.of(List.of(result(Mode.GRACEFUL, 0), result(Mode.PLAIN, 1_234)));

    assertThat(report)
        .startsWith("|                                      | graceful | plain |\n")
        .contains("\n| ------------------------------------ | -------: | ----: |\n")
        .contains("\n| requests failed: 502 by the balancer |        0 | 1,234 |\n")
        .contains("\n| signal to exit, median               |    2.0 s | 2.0 s |\n")
        .contains("\n| signal to exit, longest              |    3.0 s | 3.0 s |\n")
        .contains("\n| exit codes                           |    4 x 0 | 4 x 0 |\n");
  }

  @Test
  void saysBelowTheTableWhatFailedAndWhatWasWrong() {
    String report = Report.of(List.of(result(Mode.GRACEFUL, 7)));

    assertThat(report)
        .contains("graceful: 2 x GET / answered with 500")
        .contains("graceful FAILED: 7 of 1007 requests failed");
  }

  private static Result result(Mode mode, long failed) {
    var requests =
        new Requests(
            Map.of(Answer.EXPECTED, 1_000L, Answer.BAD_GATEWAY, failed),
            failed == 0 ? Map.of() : Map.of("GET / answered with 500", 2L),
            Duration.ofMillis(120));
    return new Result(
        mode,
        requests,
        List.of(Tally.exact("clicks", 10, 10, 0, 0)),
        List.of(exit(3), exit(2), exit(1)),
        List.of(exit(1)));
  }

  private static Instance.Exit exit(int seconds) {
    return new Instance.Exit(Duration.ofSeconds(seconds), 0, false);
  }
}
