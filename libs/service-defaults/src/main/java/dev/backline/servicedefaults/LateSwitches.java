package dev.backline.servicedefaults;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Refuses {@code backline.….enabled} from outside of the jar where Spring has processed the
 * application ahead of time: conditions were evaluated then, and Spring ignores the switch without
 * a word.
 */
final class LateSwitches implements EnvironmentPostProcessor, Ordered {

  private static final ConfigurationPropertyName BACKLINE =
      ConfigurationPropertyName.of("backline");

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if (AotDetector.useGeneratedArtifacts()) {
      refuse(environment);
    }
  }

  static void refuse(ConfigurableEnvironment environment) {
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource given && !isPackaged(source)) {
        given.stream()
            .filter(LateSwitches::isSwitch)
            .map(ConfigurationPropertyName::toString)
            .findFirst()
            .ifPresent(name -> refuse(name, environment.getProperty(name)));
      }
    }
  }

  private static void refuse(String name, @Nullable String value) {
    throw new InvalidConfigurationPropertyValueException(
        name,
        value,
        "What it switches was decided while this application was built (Spring AOT). Leave it out;"
            + " or set it in application.yml and build again.");
  }

  private static boolean isSwitch(ConfigurationPropertyName name) {
    return BACKLINE.isAncestorOf(name)
        && name.getLastElement(ConfigurationPropertyName.Form.UNIFORM).equals("enabled");
  }

  private static boolean isPackaged(ConfigurationPropertySource source) {
    return source.getUnderlyingSource() instanceof PropertySource<?> underlying
        && underlying.getName().contains("class path resource");
  }

  /** After the application's own configuration was read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
