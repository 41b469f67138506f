package dev.backline.servicedefaults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/** Adds {@code defaults.properties} below every other source of settings. */
final class ServiceDefaults implements EnvironmentPostProcessor, Ordered {

  static final String SOURCE = "backline service defaults";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    try {
      environment
          .getPropertySources()
          .addLast(
              new ResourcePropertySource(
                  SOURCE, new ClassPathResource("defaults.properties", ServiceDefaults.class)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Spring Boot refuses an address of its own for a management server that is none of its own.
    if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource(
                  SOURCE + ": management port",
                  Map.of("management.server.address", "${server.address}")));
    }
  }

  /** After the application's own configuration was read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
