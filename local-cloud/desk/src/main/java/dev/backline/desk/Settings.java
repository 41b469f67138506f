package dev.backline.desk;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What a person can set, by {@code make run NAME=value} or in the environment. The running suite
 * writes its ports down, so that {@code make demo} and the others find it without being told.
 *
 * @param data directory that keeps the cloud's data from run to run; without it all is in memory
 * @param services which of {@link #SERVICES} and {@link #EDGE} to start
 * @param startLimit for one part until it is ready
 */
public record Settings(
    Map<Port, Integer> ports, Optional<Path> data, List<String> services, Duration startLimit) {

  public static final List<String> SERVICES = List.of("be-api", "redirector", "event-worker");

  /** CloudFront, its functions and its caches. */
  static final String EDGE = "local-edge";

  private static final List<String> ALL =
      Stream.concat(SERVICES.stream(), Stream.of(EDGE)).toList();

  private static final String NO_SERVICE = "none";

  /** Two minutes: a cold start of all services at once on two busy cores took 40 s. */
  private static final Duration USUAL_START_LIMIT = Duration.ofMinutes(2);

  /** Settings for a new run. */
  static Settings of(Map<String, String> environment) {
    var ports = new EnumMap<Port, Integer>(Port.class);
    var variables = new HashMap<Integer, String>();
    for (Port port : Port.values()) {
      int number = port(port, environment);
      String other = variables.put(number, port.variable());
      if (other != null) {
        throw new UsageException("%s and %s are both %d".formatted(other, port.variable(), number));
      }
      ports.put(port, number);
    }
    return new Settings(
        ports,
        Optional.ofNullable(environment.get("DATA")).filter(text -> !text.isBlank()).map(Path::of),
        services(environment.getOrDefault("SERVICES", "")),
        startLimit(environment.getOrDefault("START_LIMIT", "")));
  }

  /**
   * Settings for a command that talks to a suite: what it was told, else what the suite that runs
   * has written down.
   */
  static Settings ofRunning(Map<String, String> environment, Path writtenDown) throws IOException {
    var known = new HashMap<String, String>();
    if (Files.exists(writtenDown)) {
      var properties = new Properties();
      try (var reader = Files.newBufferedReader(writtenDown)) {
        properties.load(reader);
      }
      properties
          .stringPropertyNames()
          .forEach(name -> known.put(name, properties.getProperty(name)));
    }
    // make hands over variables that nobody set as empty ones.
    environment.forEach(
        (name, value) -> known.merge(name, value, (old, told) -> told.isBlank() ? old : told));
    return of(known);
  }

  void writeDown(Path file) throws IOException {
    var properties = new Properties();
    ports.forEach(
        (port, number) -> properties.setProperty(port.variable(), String.valueOf(number)));
    properties.setProperty(
        "SERVICES", services.isEmpty() ? NO_SERVICE : String.join(" ", services));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "The suite that runs");
    }
  }

  public int port(Port port) {
    return ports.getOrDefault(port, port.usual());
  }

  public String url(Port port) {
    return "http://127.0.0.1:" + port(port);
  }

  /** The front door. */
  String web() {
    return "http://localhost:" + port(Port.EDGE);
  }

  /** Where short links are followed: at the edge, or where there is none at the redirector. */
  String shortLinks() {
    return services.contains(EDGE)
        ? "http://go.localhost:" + port(Port.EDGE)
        : url(Port.REDIRECTOR);
  }

  private static int port(Port port, Map<String, String> environment) {
    String text = environment.getOrDefault(port.variable(), "");
    if (text.isBlank()) {
      return port.usual();
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 1 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException told) {
      // Below.
    }
    throw new UsageException(
        "%s is a port from 1 to 65535, not '%s'".formatted(port.variable(), text));
  }

  private static List<String> services(String text) {
    if (text.isBlank()) {
      return ALL;
    }
    if (text.strip().equals(NO_SERVICE)) {
      return List.of();
    }
    var chosen = new LinkedHashSet<>(Arrays.asList(text.strip().split("[, ]+", -1)));
    for (String service : chosen) {
      if (!ALL.contains(service)) {
        throw new UsageException(
            "SERVICES names '%s'; there are %s, or '%s' for the cloud alone"
                .formatted(service, String.join(", ", ALL), NO_SERVICE));
      }
    }
    return List.copyOf(chosen);
  }

  private static Duration startLimit(String text) {
    if (text.isBlank()) {
      return USUAL_START_LIMIT;
    }
    if (!text.strip().matches("[1-9][0-9]{0,4}")) {
      throw new UsageException("START_LIMIT is a number of seconds, not '%s'".formatted(text));
    }
    return Duration.ofSeconds(Long.parseLong(text.strip()));
  }
}
