package dev.backline.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the image of a Dockerfile starts, and by which signal it is stopped.
 *
 * @param entrypoint as it is written; null where the base image decides
 * @param command as it is written; null where the base image decides
 * @param stopSignal null where it is the usual one
 * @param variables names that {@code ENV} sets
 */
record Dockerfile(
    @Nullable String entrypoint,
    @Nullable String command,
    @Nullable String stopSignal,
    List<String> variables) {

  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s*([A-Za-z]+)\\s+(.*)", Pattern.DOTALL);
  private static final Pattern FROM =
      Pattern.compile("(?:--\\S+\\s+)*(\\S+)(?:\\s+[Aa][Ss]\\s+(\\S+))?\\s*");
  private static final Pattern HEREDOC = Pattern.compile("<<-?[\"']?(\\w+)[\"']?");

  /** A value in quotes may hold spaces and equals signs. */
  private static final Pattern VARIABLE =
      Pattern.compile("(\\w+)(?:=(?:\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|\\S)*|\\s.*)");

  private static final Pattern ANOTHER_BUDGET =
      Pattern.compile("BACKLINE_SHUTDOWN_.+|SPRING_LIFECYCLE_.+|SPRING_PROFILES_(ACTIVE|INCLUDE)");

  private static final Dockerfile NOTHING = new Dockerfile(null, null, null, List.of());

  static Dockerfile read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  /** The last stage, with what it inherits from the stages before it. */
  static Dockerfile parse(List<String> lines) {
    Map<String, Dockerfile> stages = new HashMap<>();
    String stage = "";
    int number = 0;
    Dockerfile current = NOTHING;
    for (var line = lines.listIterator(); line.hasNext(); ) {
      Matcher instruction = INSTRUCTION.matcher(instruction(line));
      if (!instruction.matches()) {
        continue;
      }
      String value = instruction.group(2).strip();
      switch (instruction.group(1).toUpperCase(Locale.ROOT)) {
        case "FROM" -> {
          Matcher from = FROM.matcher(value);
          if (from.matches()) {
            current = stages.getOrDefault(from.group(1), NOTHING);
            stage = from.group(2) == null ? String.valueOf(number) : from.group(2);
            number++;
          }
        }
        // A CMD of before would be its arguments no more.
        case "ENTRYPOINT" ->
            current = new Dockerfile(value, null, current.stopSignal, current.variables);
        case "CMD" ->
            current =
                new Dockerfile(current.entrypoint, value, current.stopSignal, current.variables);
        case "STOPSIGNAL" ->
            current = new Dockerfile(current.entrypoint, current.command, value, current.variables);
        case "ENV" -> current = current.with(value);
        default -> {}
      }
      stages.put(stage, current);
    }
    return current;
  }

  private Dockerfile with(String env) {
    List<String> all = new ArrayList<>(variables);
    Matcher variable = VARIABLE.matcher(env);
    while (variable.find()) {
      all.add(variable.group(1));
    }
    return new Dockerfile(entrypoint, command, stopSignal, List.copyOf(all));
  }

  /**
   * The next instruction, without comments, on one line; the text of a here-document is left out.
   */
  private static String instruction(ListIterator<String> lines) {
    StringBuilder instruction = new StringBuilder();
    boolean goesOn = true;
    while (goesOn && lines.hasNext()) {
      String line = lines.next();
      if (line.strip().startsWith("#")) {
        goesOn = !instruction.isEmpty();
        continue;
      }
      goesOn = line.stripTrailing().endsWith("\\");
      instruction.append(
          goesOn ? line.stripTrailing().substring(0, line.stripTrailing().length() - 1) : line);
    }
    Matcher heredoc = HEREDOC.matcher(instruction);
    while (heredoc.find()) {
      while (lines.hasNext() && !lines.next().strip().equals(heredoc.group(1))) {
        // Belongs to a script or a file.
      }
    }
    return instruction.toString();
  }

  void check(String file, List<String> violations) {
    String starts = entrypoint == null ? command : entrypoint;
    if (starts == null) {
      violations.add(
          "%s: has no ENTRYPOINT, so that the base image decides what gets SIGTERM. Write ENTRYPOINT [\"java\", …]."
              .formatted(file));
    } else {
      checkForm(file, entrypoint == null ? "CMD" : "ENTRYPOINT", starts, violations);
    }
    if (stopSignal != null && !stopSignal.equals("SIGTERM") && !stopSignal.equals("15")) {
      violations.add(
          "%s: STOPSIGNAL %s is not the SIGTERM that the service drains on. Remove it."
              .formatted(file, stopSignal));
    }
    for (String variable : variables) {
      if (ANOTHER_BUDGET.matcher(variable).matches()) {
        violations.add(
            "%s: ENV %s changes the time for a stop where neither compose files nor templates are compared with it. Set it in application.yml."
                .formatted(file, variable));
      }
    }
  }

  private static void checkForm(
      String file, String instruction, String value, List<String> violations) {
    if (!value.startsWith("[")) {
      violations.add(
          "%s: %s %s is in shell form: the shell gets SIGTERM, and Java is killed. Write %s [\"java\", …]; options go into JAVA_TOOL_OPTIONS."
              .formatted(file, instruction, value, instruction));
    } else {
      if (value.contains("$")) {
        violations.add(
            "%s: %s %s has a variable, which nothing replaces where no shell is. Give what it starts the same name for every build argument."
                .formatted(file, instruction, value));
      }
      Shells.check(
          file,
          instruction,
          value.replaceAll("[\\[\\]\"]", "").strip().split("\\s*,\\s*", -1)[0],
          violations);
    }
  }
}
