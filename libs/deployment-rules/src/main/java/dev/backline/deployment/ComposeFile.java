package dev.backline.deployment;

import dev.backline.deployment.Settings.Setting;
import dev.backline.gracefulshutdown.ShutdownBudget;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/** A compose file's services that are the repository's own. */
record ComposeFile(Path file, Map<?, ?> services) {

  /** What compose does without a setting. */
  private static final String USUAL_GRACE = "10s";

  private static final Pattern PART_OF_DURATION =
      Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|m|h)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:?-([^}]*)}");

  static ComposeFile read(Path file) throws IOException {
    try (Reader in = Files.newBufferedReader(file)) {
      Object document = new Yaml(new ComposeTags()).load(in);
      return new ComposeFile(file, map(map(document).get("services")));
    }
  }

  /** {@code !reset} takes away what a service would have from another one. */
  private static final class ComposeTags extends SafeConstructor {

    ComposeTags() {
      super(new LoaderOptions());
      yamlConstructors.put(new Tag("!reset"), new Nothing());
    }
  }

  private static final class Nothing extends AbstractConstruct {

    @Override
    public @Nullable Object construct(Node node) {
      return null;
    }
  }

  void check(Repository repository, List<String> violations) {
    String name = repository.name(file);
    services.forEach(
        (key, value) -> {
          Map<?, ?> definition = map(value);
          if (!isPartOfAnother(definition)) {
            own(repository, String.valueOf(key), definition)
                .ifPresent(
                    service -> check(service, name, String.valueOf(key), definition, violations));
          }
        });
  }

  /** An override file changes a few things of a service that is defined elsewhere. */
  private static boolean isPartOfAnother(Map<?, ?> definition) {
    return Stream.of("build", "image", "stop_grace_period").noneMatch(definition::containsKey);
  }

  /** By its name, by what it is built from, or by the build argument that names it. */
  private Optional<Service> own(Repository repository, String key, Map<?, ?> definition) {
    return repository
        .service(key)
        .or(
            () ->
                builtFrom(definition.get("build"))
                    .flatMap(part -> service(repository, part).stream())
                    .findFirst());
  }

  private Optional<Service> service(Repository repository, String nameOrPath) {
    return repository
        .service(nameOrPath)
        .or(
            () ->
                Stream.of(file.resolveSibling(nameOrPath), repository.root().resolve(nameOrPath))
                    .flatMap(path -> Stream.of(path, path.resolveSibling("")))
                    .flatMap(directory -> repository.serviceIn(directory).stream())
                    .findFirst());
  }

  private static Stream<String> builtFrom(@Nullable Object build) {
    if (build instanceof Map<?, ?> parts) {
      return Stream.concat(
              Stream.of(parts.get("dockerfile"), parts.get("context")),
              variables(parts.get("args")).values().stream())
          .flatMap(ComposeFile::builtFrom);
    }
    return build == null ? Stream.of() : Stream.of(withoutVariables(build.toString()));
  }

  private static void check(
      Service service, String file, String key, Map<?, ?> definition, List<String> violations) {
    String where = "services." + key;
    Setting stopTimeout =
        StopNumbers.stopTimeout(service.with(variables(definition.get("environment")), file));
    Object written = definition.get("stop_grace_period");
    String grace = written == null ? USUAL_GRACE : withoutVariables(written.toString());
    if (!duration(grace).equals(stopTimeout.value())) {
      violations.add(
          "%s: %s.stop_grace_period%s is not the %s of %s. Set it to %s."
              .formatted(
                  file,
                  where,
                  written == null ? ", " + grace + " where it is not set," : "=" + grace,
                  stopTimeout,
                  stopTimeout.file(),
                  ShutdownBudget.text(stopTimeout.value())));
    }
    Object signal = definition.get("stop_signal");
    if (signal != null && !signal.equals("SIGTERM")) {
      violations.add(
          "%s: %s.stop_signal=%s is not the SIGTERM that the service drains on. Remove it."
              .formatted(file, where, signal));
    }
    for (String started : List.of("entrypoint", "command")) {
      Object program = definition.get(started);
      if (program != null) {
        Shells.check(file, where + "." + started, firstWord(program), violations);
      }
    }
  }

  private static String firstWord(Object command) {
    return command instanceof List<?> words
        ? words.isEmpty() ? "" : String.valueOf(words.getFirst())
        : command.toString().strip().split("\\s+", -1)[0];
  }

  private static Duration duration(String text) {
    Duration duration = Duration.ZERO;
    Matcher part = PART_OF_DURATION.matcher(text);
    while (part.find()) {
      double nanos =
          switch (part.group(2)) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3_600e9;
          };
      duration = duration.plusNanos(Math.round(Double.parseDouble(part.group(1)) * nanos));
    }
    return duration;
  }

  private static String withoutVariables(String text) {
    return VARIABLE.matcher(text).replaceAll("$1");
  }

  /** From either form: a map, or a list of {@code NAME=value}. */
  private static Map<String, Object> variables(@Nullable Object value) {
    Map<String, Object> variables = new LinkedHashMap<>();
    if (value instanceof List<?> list) {
      for (Object entry : list) {
        String[] nameAndValue = entry.toString().split("=", 2);
        if (nameAndValue.length == 2) {
          variables.put(nameAndValue[0], withoutVariables(nameAndValue[1]));
        }
      }
    } else {
      map(value)
          .forEach(
              (name, each) -> {
                if (each != null) {
                  variables.put(String.valueOf(name), withoutVariables(each.toString()));
                }
              });
    }
    return variables;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
