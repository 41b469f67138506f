package dev.backline.deployment;

import dev.backline.gracefulshutdown.ShutdownBudget;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings of a service as it would see them itself, with names in any of Spring Boot's forms.
 *
 * @param sources the strongest first; each is named by its file
 */
record Settings(List<PropertySource<?>> sources) {

  /** By this ending Spring Boot knows that names are written as variables. */
  private static final String ENVIRONMENT = "-systemEnvironment";

  private static final String LIBRARY = "the library's default";

  /** What the libraries on the class path tell of their own properties. */
  static final Settings DEFAULTS = new Settings(List.of(metadata()));

  /**
   * A duration and where it is written.
   *
   * @param file its file, or what else it comes from
   */
  record Setting(String name, Duration value, String file) {

    /** False for a default that nobody has written down. */
    boolean isWritten() {
      return !file.equals(LIBRARY);
    }

    @Override
    public String toString() {
      return name + "=" + ShutdownBudget.text(value);
    }
  }

  Settings with(PropertySource<?> stronger) {
    List<PropertySource<?>> all = new ArrayList<>(sources);
    all.addFirst(stronger);
    return new Settings(all);
  }

  Settings withEnvironment(Map<String, Object> variables, String file) {
    return variables.isEmpty()
        ? this
        : with(new SystemEnvironmentPropertySource(file + ENVIRONMENT, variables));
  }

  Optional<Setting> number(String name) {
    var property = ConfigurationPropertyName.of(name);
    for (ConfigurationPropertySource source : ConfigurationPropertySources.from(sources)) {
      if (source.getConfigurationProperty(property) != null
          && source.getUnderlyingSource() instanceof PropertySource<?> file) {
        Duration value = binder().bind(property, Bindable.of(Duration.class)).get();
        return Optional.of(new Setting(name, value, fileOf(file)));
      }
    }
    return Optional.empty();
  }

  /**
   * A number that libs/graceful-shutdown has a default for.
   *
   * @throws IllegalStateException if that is not on the class path
   */
  Setting shutdown(String name) {
    String property = "backline.shutdown." + name;
    return number(property)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    property
                        + " has neither a value nor a default: add libs/graceful-shutdown to the class path"));
  }

  /**
   * Every duration with such a name.
   *
   * @param uniform gets each name in lower case and without dashes
   */
  List<Setting> named(Predicate<String> uniform) {
    var names = new TreeSet<String>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.from(sources)) {
      if (source instanceof IterableConfigurationPropertySource known) {
        known.stream()
            .map(ConfigurationPropertyName::toString)
            .filter(name -> uniform.test(name.replace("-", "").toLowerCase(Locale.ROOT)))
            .forEach(names::add);
      }
    }
    return names.stream().flatMap(each -> number(each).stream()).toList();
  }

  String text(String name) {
    return binder().bind(name, String.class).orElse("");
  }

  /** The file of the strongest source. */
  String file() {
    return fileOf(sources.getFirst());
  }

  /** Without what Spring Boot adds to tell the documents of a file apart. */
  private static String fileOf(PropertySource<?> source) {
    return source.getName().replace(ENVIRONMENT, "").replaceFirst(" \\(document #\\d+\\)$", "");
  }

  private Binder binder() {
    return new Binder(
        ConfigurationPropertySources.from(sources),
        new PropertySourcesPlaceholdersResolver(sources));
  }

  private static PropertySource<?> metadata() {
    Map<String, Object> defaults = new HashMap<>();
    try {
      for (URL file :
          Collections.list(
              Settings.class
                  .getClassLoader()
                  .getResources("META-INF/spring-configuration-metadata.json"))) {
        try (InputStream in = file.openStream()) {
          for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
            if (property.path("defaultValue").isValueNode()) {
              defaults.put(
                  property.path("name").asString(), property.path("defaultValue").asString());
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new MapPropertySource(LIBRARY, defaults);
  }
}
