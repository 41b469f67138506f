package dev.backline.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

/**
 * A Spring Boot application of the repository.
 *
 * @param folder where its {@code src} is; its name is the service's
 * @param settings without any profile
 * @param profiles what each profile changes
 */
record Service(Path folder, Settings settings, Map<String, Settings> profiles) {

  private static final String ON_PROFILE = "spring.config.activate.on-profile";
  private static final String PROFILE_FILE = "application-";

  /**
   * Reads {@code application.yml} and the files of profiles beside it.
   *
   * @param inherited settings of the repository that every service has, unless it says otherwise
   */
  static Service read(Repository repository, Path file, List<Path> inherited) throws IOException {
    Settings settings = Settings.DEFAULTS;
    for (Path defaults : inherited) {
      for (PropertySource<?> document : documents(repository, defaults)) {
        settings = settings.with(document);
      }
    }
    Map<String, List<PropertySource<?>>> ofProfiles = new LinkedHashMap<>();
    for (PropertySource<?> document : documents(repository, file)) {
      Object profile = document.getProperty(ON_PROFILE);
      if (profile == null) {
        settings = settings.with(document);
      } else {
        ofProfiles.computeIfAbsent(profile.toString(), any -> new ArrayList<>()).add(document);
      }
    }
    for (Path other : filesOfProfiles(file)) {
      String name = other.getFileName().toString();
      ofProfiles
          .computeIfAbsent(
              name.substring(PROFILE_FILE.length(), name.lastIndexOf('.')),
              any -> new ArrayList<>())
          .addAll(documents(repository, other));
    }
    Map<String, Settings> profiles = new LinkedHashMap<>();
    for (var profile : ofProfiles.entrySet()) {
      Settings changed = settings;
      for (PropertySource<?> document : profile.getValue()) {
        changed = changed.with(document);
      }
      profiles.put(profile.getKey(), changed);
    }
    return new Service(folder(file), settings, profiles);
  }

  private static List<Path> filesOfProfiles(Path file) throws IOException {
    try (Stream<Path> beside = Files.list(file.resolveSibling(""))) {
      return beside
          .filter(
              other ->
                  other.getFileName().toString().matches(PROFILE_FILE + ".+\\.(ya?ml|properties)"))
          .sorted()
          .toList();
    }
  }

  private static List<PropertySource<?>> documents(Repository repository, Path file)
      throws IOException {
    PropertySourceLoader loader =
        file.toString().endsWith(".properties")
            ? new PropertiesPropertySourceLoader()
            : new YamlPropertySourceLoader();
    return loader.load(repository.name(file), new FileSystemResource(file));
  }

  /** Above {@code src/main/resources}. */
  private static Path folder(Path file) {
    Path folder = file;
    while (!folder.endsWith("src")) {
      folder = folder.resolve("..").normalize();
    }
    return folder.resolve("..").normalize();
  }

  String name() {
    return folder.getFileName().toString();
  }

  boolean isNamed(String name) {
    return !name.isEmpty()
        && (name.equals(name()) || name.equals(settings.text("spring.application.name")));
  }

  /** Without a profile, and with each. */
  List<Settings> variants() {
    List<Settings> variants = new ArrayList<>(profiles.values());
    variants.addFirst(settings);
    return variants;
  }

  /**
   * The settings where these variables are set.
   *
   * @param file where they are written
   */
  Settings with(Map<String, Object> environment, String file) {
    String active = String.valueOf(environment.getOrDefault("SPRING_PROFILES_ACTIVE", ""));
    return profiles.getOrDefault(active, settings).withEnvironment(environment, file);
  }
}
