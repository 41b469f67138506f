package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.desk.UsageException;
import dev.backline.drill.DrillSettings.Command;
import dev.backline.drill.DrillSettings.Service;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillSettingsTest {

  @Test
  void theRedirectorIsDrilledWhereNothingIsSaid() {
    DrillSettings settings = DrillSettings.of(Map.of("SERVICE", "", "DEPLOYS", ""));

    assertThat(settings.subject()).isEqualTo(new Service("redirector"));
    assertThat(settings.deploys()).isEqualTo(5);
    assertThat(settings.modes()).containsExactly(Mode.GRACEFUL);
  }

  @Test
  void killIsAddedToTheOtherModes() {
    assertThat(DrillSettings.of(Map.of("MODE", "both", "KILL", "1")).modes())
        .containsExactly(Mode.GRACEFUL, Mode.PLAIN, Mode.KILL);
  }

  @Test
  void aTeamsOwnServiceIsACommandWithAPlaceForThePort() {
    DrillSettings settings =
        DrillSettings.of(Map.of("COMMAND", "java -jar app.jar {port}", "GET", "/hello"));

    assertThat(settings.subject())
        .isEqualTo(new Command("java -jar app.jar {port}", "/readyz", "/hello"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVICE | redirecter    | SERVICE is one of be-api, redirector, event-worker, not 'redirecter'",
        "DEPLOYS | 0             | DEPLOYS is a number from 1 to 1000, not '0'",
        "DEPLOYS | abc           | DEPLOYS is a number from 1 to 1000, not 'abc'",
        "RATE    | -1            | RATE is a number",
        "LAG     | 61            | LAG is a number from 1 to 60, not '61'",
        "START_LIMIT | 1m        | START_LIMIT is a number",
        "MODE    | hard          | MODE is graceful, plain or both, not 'hard'",
        "KILL    | yes           | KILL is 0 or 1, not 'yes'",
        "COMMAND | java -jar app | COMMAND must say where the port goes"
      })
  void badInputIsNamed(String name, String value, String message) {
    assertThatThrownBy(() -> DrillSettings.of(Map.of(name, value)))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aPathWithoutASlashIsNamed() {
    var environment = new HashMap<>(Map.of("COMMAND", "app {port}", "READY", "readyz"));

    assertThatThrownBy(() -> DrillSettings.of(environment))
        .hasMessage("READY is a path such as /hello, not 'readyz'");
  }

  @Test
  void aServiceAndACommandAtOnceAreRefused() {
    assertThatThrownBy(() -> DrillSettings.of(Map.of("COMMAND", "app {port}", "SERVICE", "be-api")))
        .hasMessage("Set SERVICE or COMMAND, not both");
  }
}
