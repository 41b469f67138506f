package dev.backline.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void anArgumentWinsOverTheEnvironmentAndThatOverTheDefault() {
    var settings =
        Settings.of(
            new String[] {"--redis-port", "1", "--end-with-stdin"},
            Map.of("REDIS_PORT", "2", "XRAY_PORT", "3", "DATA", ""));

    assertThat(settings.redisPort()).isEqualTo(1);
    assertThat(settings.xrayPort()).isEqualTo(3);
    assertThat(settings.postgresPort()).isEqualTo(15432);
    assertThat(settings.data()).isNull();
    assertThat(settings.endWithStdin()).isTrue();
  }

  @Test
  void aContainerListensToAllAndHasServersOfItsOwn() {
    var settings =
        Settings.of(
            new String[0],
            Map.of(
                "CLOUD_ADDRESS", "0.0.0.0",
                "CLOUD_HOSTS", "Cloud, aws",
                "REDIS_PORT", "none",
                "POSTGRES_PORT", "none"));

    assertThat(settings.cloudAddress().isAnyLocalAddress()).isTrue();
    assertThat(settings.cloudHosts()).containsExactly("cloud", "aws");
    assertThat(settings.redisPort()).isNull();
    assertThat(settings.postgresPort()).isNull();
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> Settings.of(new String[] {"--cloud-address=everywhere"}, Map.of()))
        .withMessageContaining("everywhere");
  }

  @Test
  void theTemplateAndTheKeyAreFoundFromBelowTheRepository() {
    var settings = Settings.of(new String[0], Map.of());

    assertThat(settings.template()).exists().endsWithRaw(Path.of("infra/templates/data.json"));
    assertThat(settings.keyFile()).endsWithRaw(Path.of(".backline/signing-key.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "tcp://127.0.0.1:1", "1.5"})
  void aPortOutOfRangeIsNamed(String port) {
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> Settings.of(new String[0], Map.of("REDIS_PORT", port)))
        .withMessageContaining("redis-port")
        .withMessageContaining(port);
  }
}
