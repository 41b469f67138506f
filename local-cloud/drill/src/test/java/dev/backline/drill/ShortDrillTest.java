package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The drill itself, as {@code make drill} runs it, with few deploys and little load. */
class ShortDrillTest {

  @ParameterizedTest
  @CsvSource({"redirector, 2, 20", "be-api, 1, 10"})
  void aDeployLosesNothing(String service, String deploys, String rate) throws Exception {
    var environment =
        Map.of("SERVICE", service, "DEPLOYS", deploys, "RATE", rate, "START_LIMIT", "300");
    Result result;
    try (var drill =
        new Drill(
            DrillSettings.of(environment),
            System.getenv(),
            Clone.ROOT,
            Clone.DIRECTORY,
            line -> {})) {
      result = drill.run(Mode.GRACEFUL);
    }

    assertThat(result.violations()).as(Report.of(List.of(result))).isEmpty();
    assertThat(result.exits()).hasSize(Integer.parseInt(deploys));
    assertThat(result.requests().count(Answer.EXPECTED)).isPositive();
    assertThat(result.tallies()).allSatisfy(tally -> assertThat(tally.arrived()).isPositive());
  }
}
