package dev.backline.localcloud.junit;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Connects the Spring context of a test class to its cloud. Properties that the test itself sets
 * win.
 */
record CloudContextCustomizer(Cloud cloud) implements ContextCustomizer {

  private static final String TEST_PROPERTIES = "Inlined Test Properties";

  /** Registered in META-INF/spring.factories. */
  static final class Factory implements ContextCustomizerFactory {
    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
        Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
      return Clouds.find(testClass).map(CloudContextCustomizer::new).orElse(null);
    }
  }

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    var properties =
        new MapPropertySource("local cloud", new LinkedHashMap<>(cloud.springProperties()));
    var sources = context.getEnvironment().getPropertySources();
    if (sources.contains(TEST_PROPERTIES)) {
      sources.addAfter(TEST_PROPERTIES, properties);
    } else {
      sources.addFirst(properties);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CloudContextCustomizer that && that.cloud == cloud;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(cloud);
  }
}
