package dev.backline.servicedefaults;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class LateSwitchesTest {

  @Test
  void aSwitchInTheEnvironmentIsRefusedByName() {
    assertThatThrownBy(() -> LateSwitches.refuse(with(environment("BACKLINE_TRACING_ENABLED"))))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("backline.tracing.enabled")
        .hasMessageContaining("while this application was built");
  }

  @Test
  void aSwitchOfAnySourceOutsideOfTheJarIsRefused() {
    assertThatThrownBy(
            () ->
                LateSwitches.refuse(
                    with(
                        new MapPropertySource(
                            "commandLineArgs",
                            Map.of("backline.dynamodb.retry.enabled", "false")))))
        .hasMessageContaining("backline.dynamodb.retry.enabled");
  }

  @Test
  void whatTheJarItselfSaysIsWhatWasDecided() {
    assertThatCode(
            () ->
                LateSwitches.refuse(
                    with(
                        new OriginTrackedMapPropertySource(
                            "Config resource 'class path resource [application.yml]'",
                            Map.of("backline.tracing.enabled", "false")))))
        .doesNotThrowAnyException();
  }

  @Test
  void settingsThatSwitchNothingAndThoseOfOthersAreTaken() {
    assertThatCode(
            () ->
                LateSwitches.refuse(
                    with(
                        environment(
                            "BACKLINE_TRACING_RESERVOIR", "SPRING_DATA_REDIS_SSL_ENABLED"))))
        .doesNotThrowAnyException();
  }

  private static PropertySource<?> environment(String... names) {
    Map<String, Object> values = new HashMap<>();
    for (String name : names) {
      values.put(name, "false");
    }
    return new SystemEnvironmentPropertySource("systemEnvironment", values);
  }

  private static StandardEnvironment with(PropertySource<?> source) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(source);
    return environment;
  }
}
