package dev.backline.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @TempDir Path directory;

  @Test
  void withoutAnySettingAllIsAsUsual() {
    Settings settings = Settings.of(Map.of("DATA", "", "SERVICES", "", "PORT_API", ""));

    assertThat(settings.url(Port.CLOUD)).isEqualTo("http://127.0.0.1:4566");
    assertThat(settings.url(Port.API)).isEqualTo("http://127.0.0.1:8081");
    assertThat(settings.services())
        .containsExactly("be-api", "redirector", "event-worker", "local-edge");
    assertThat(settings.shortLinks()).isEqualTo("http://go.localhost:8080");
    assertThat(settings.data()).isEmpty();
  }

  @Test
  void portsServicesDataAndPatienceCanBeSet() {
    Settings settings =
        Settings.of(
            Map.of(
                "PORT_API",
                "9000",
                "SERVICES",
                "be-api, redirector",
                "DATA",
                "kept",
                "START_LIMIT",
                "5"));

    assertThat(settings.port(Port.API)).isEqualTo(9000);
    assertThat(settings.services()).containsExactly("be-api", "redirector");
    assertThat(settings.data()).contains(Path.of("kept"));
    assertThat(settings.startLimit()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Settings.of(Map.of("SERVICES", "none")).services()).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsRefusedByName() {
    assertThatThrownBy(() -> Settings.of(Map.of("PORT_API", "65536")))
        .hasMessageContaining("PORT_API");
    assertThatThrownBy(() -> Settings.of(Map.of("PORT_API", "http")))
        .hasMessageContaining("'http'");
    assertThatThrownBy(() -> Settings.of(Map.of("PORT_API", "4566")))
        .hasMessageContaining("PORT_CLOUD")
        .hasMessageContaining("PORT_API");
    assertThatThrownBy(() -> Settings.of(Map.of("SERVICES", "be-api shop")))
        .hasMessageContaining("'shop'");
    assertThatThrownBy(() -> Settings.of(Map.of("START_LIMIT", "1m")))
        .hasMessageContaining("START_LIMIT");
  }

  @Test
  void otherCommandsFindTheSuiteThatRuns() throws Exception {
    Path file = directory.resolve("ports.properties");
    Settings.of(Map.of("PORT_API", "9000", "PORT_CLOUD", "4567")).writeDown(file);

    assertThat(Settings.ofRunning(Map.of(), file).port(Port.API)).isEqualTo(9000);
    assertThat(Settings.ofRunning(Map.of("PORT_API", "9100"), file).port(Port.API)).isEqualTo(9100);
    assertThat(Settings.ofRunning(Map.of("PORT_API", ""), file).port(Port.API)).isEqualTo(9000);
    assertThat(Settings.ofRunning(Map.of(), directory.resolve("none")).port(Port.API))
        .isEqualTo(8081);
  }
}
