package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill of a program that knows nothing of graceful ends: the JDK's own web server. */
class OwnServiceDrillTest {

  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  @TempDir Path files;

  @Test
  void theDrillFindsWhatAServiceLosesThatEndsAtOnce() throws Exception {
    Result result = drill(BIN.resolve("jwebserver") + " -p {port} -d " + files, "20");

    assertThat(result.requests().count(Answer.EXPECTED)).isPositive();
    assertThat(result.requests().count(Answer.UNAVAILABLE)).isPositive();
    assertThat(result.violations())
        .as(Report.of(List.of(result)))
        .anySatisfy(violation -> assertThat(violation).endsWith("requests failed"));
  }

  @Test
  void aServiceThatDoesNotGetReadyIsNamedWithWhatWasAsked() {
    assertThatThrownBy(() -> drill("sleep 60 # {port}", "1"))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("is not ready after 1 s: GET http://127.0.0.1:")
        .hasMessageContaining("/ does not answer 200");
  }

  @Test
  void aServiceThatEndsByItselfIsNamedWithItsLastWords() {
    assertThatThrownBy(() -> drill("sh -c 'echo no database; exit 3' {port}", "20"))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("ended by itself, exit code 3")
        .hasMessageContaining("no database");
  }

  private static Result drill(String command, String startLimit) throws Exception {
    var settings =
        DrillSettings.of(
            Map.of("COMMAND", command, "READY", "/", "DEPLOYS", "1", "START_LIMIT", startLimit));
    try (var drill =
        new Drill(
            settings,
            System.getenv(),
            Clone.ROOT,
            Clone.directoryOf(OwnServiceDrillTest.class),
            line -> {})) {
      return drill.run(Mode.GRACEFUL);
    }
  }
}
