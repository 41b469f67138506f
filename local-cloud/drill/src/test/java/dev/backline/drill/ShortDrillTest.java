package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The drill itself, as {@code make drill} runs it, with few deploys and little load. The other
 * services are stopped under load by {@code make smoke}.
 */
class ShortDrillTest {

  @Test
  void aDeployLosesNothing() throws Exception {
    var environment =
        Map.of("SERVICE", "redirector", "DEPLOYS", "2", "RATE", "20", "START_LIMIT", "300");
    Result result;
    try (var drill =
        new Drill(
            DrillSettings.of(environment),
            System.getenv(),
            Clone.ROOT,
            Clone.directoryOf(ShortDrillTest.class),
            line -> {})) {
      result = drill.run(Mode.GRACEFUL);
    }

    assertThat(result.violations()).as(Report.of(List.of(result))).isEmpty();
    assertThat(result.exits()).hasSize(2);
    assertThat(result.requests().count(Answer.EXPECTED)).isPositive();
    assertThat(result.tallies()).allSatisfy(tally -> assertThat(tally.arrived()).isPositive());
  }
}
