package dev.backline.drill;

import dev.backline.desk.Settings;
import dev.backline.desk.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a person can set, by {@code make drill NAME=value} or in the environment.
 *
 * @param deploys instances that are replaced
 * @param rate units of load per second
 * @param lag seconds that the balancer needs at least to notice that an instance is not ready
 * @param startLimit for one process until it is ready
 */
record DrillSettings(
    Subject subject, int deploys, List<Mode> modes, int rate, int lag, Duration startLimit) {

  /** What is drilled. */
  sealed interface Subject {
    String name();

    String readiness();
  }

  /** One of the suite's services, with a cloud of its own and traffic made for it. */
  record Service(String name) implements Subject {
    @Override
    public String readiness() {
      return "/readyz";
    }
  }

  /** A team's own service. */
  record Command(String line, String readiness, String path) implements Subject {
    static final String PORT = "{port}";
    static final String MANAGEMENT_PORT = "{management-port}";

    @Override
    public String name() {
      return "own-service";
    }
  }

  static DrillSettings of(Map<String, String> environment) {
    Subject subject = subject(environment);
    return new DrillSettings(
        subject,
        number(environment, "DEPLOYS", 5, 1_000),
        modes(environment),
        number(environment, "RATE", usualRate(subject), 10_000),
        number(environment, "LAG", 3, 60),
        Duration.ofSeconds(number(environment, "START_LIMIT", 120, 99_999)));
  }

  private static Subject subject(Map<String, String> environment) {
    String command = text(environment, "COMMAND", "");
    String service = text(environment, "SERVICE", "");
    if (command.isEmpty()) {
      String name = service.isEmpty() ? "redirector" : service;
      if (!Settings.SERVICES.contains(name)) {
        throw new UsageException(
            "SERVICE is one of %s, not '%s'; for a service of your own set COMMAND"
                .formatted(String.join(", ", Settings.SERVICES), name));
      }
      return new Service(name);
    }
    if (!service.isEmpty()) {
      throw new UsageException("Set SERVICE or COMMAND, not both");
    }
    if (!command.contains(Command.PORT)) {
      throw new UsageException(
          "COMMAND must say where the port goes, such as: COMMAND='java -jar app.jar --server.port={port}'");
    }
    return new Command(
        command, path(environment, "READY", "/readyz"), path(environment, "GET", "/"));
  }

  private static String path(Map<String, String> environment, String name, String usual) {
    String path = text(environment, name, usual);
    if (!path.matches("/[\\x21-\\x7E]*")) {
      throw new UsageException("%s is a path such as /hello, not '%s'".formatted(name, path));
    }
    return path;
  }

  private static int usualRate(Subject subject) {
    return switch (subject.name()) {
      case "redirector" -> 100;
      case "be-api" -> 40;
      case "event-worker" -> 20;
      default -> 50;
    };
  }

  private static List<Mode> modes(Map<String, String> environment) {
    var modes =
        new ArrayList<>(
            switch (text(environment, "MODE", "graceful")) {
              case "graceful" -> List.of(Mode.GRACEFUL);
              case "plain" -> List.of(Mode.PLAIN);
              case "both" -> List.of(Mode.GRACEFUL, Mode.PLAIN);
              case String other ->
                  throw new UsageException(
                      "MODE is graceful, plain or both, not '%s'".formatted(other));
            });
    switch (text(environment, "KILL", "0").toLowerCase(Locale.ROOT)) {
      case "0" -> {}
      case "1" -> modes.add(Mode.KILL);
      case String other -> throw new UsageException("KILL is 0 or 1, not '%s'".formatted(other));
    }
    return List.copyOf(modes);
  }

  private static int number(Map<String, String> environment, String name, int usual, int greatest) {
    String text = text(environment, name, String.valueOf(usual));
    if (text.matches("[1-9][0-9]{0,8}") && Integer.parseInt(text) <= greatest) {
      return Integer.parseInt(text);
    }
    throw new UsageException(
        "%s is a number from 1 to %d, not '%s'".formatted(name, greatest, text));
  }

  /** make hands over variables that nobody set as empty ones. */
  private static String text(Map<String, String> environment, String name, String usual) {
    String text = environment.getOrDefault(name, "").strip();
    return text.isEmpty() ? usual : text;
  }
}
