package dev.backline.desk.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes one structured log line (Spring Boot's {@code logstash} or {@code ecs} format) readable:
 * time, level, message, logger, trace id, and the stack trace below. Whatever is not such a line
 * stays as it is.
 */
public final class LogRenderer implements UnaryOperator<String> {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** What a request put into a message must not move the cursor of the one who reads it. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String DIM = "\u001b[2m";
  private static final String RESET = "\u001b[0m";

  private final boolean colours;
  private final ZoneId zone;

  /**
   * A renderer.
   *
   * @param zone in which times are shown
   */
  public LogRenderer(boolean colours, ZoneId zone) {
    this.colours = colours;
    this.zone = zone;
  }

  @Override
  public String apply(String line) {
    if (!line.startsWith("{")) {
      return line;
    }
    try {
      JsonNode event = JSON.readTree(line);
      String message = text(event, "message");
      String time = either(text(event, "@timestamp"), text(event, "time"));
      return message.isEmpty() && time.isEmpty() ? line : render(event, time, message);
    } catch (JacksonException notJson) {
      return line;
    }
  }

  private String render(JsonNode event, String time, String message) {
    String level =
        either(text(event, "level"), text(event, "log", "level")).toUpperCase(Locale.ROOT);
    String logger =
        either(
            either(text(event, "logger_name"), text(event, "log", "logger")),
            text(event, "function"));
    String trace = text(event, "traceId");
    String stack = either(text(event, "stack_trace"), text(event, "error", "stack_trace"));

    var shown = new StringBuilder();
    shown
        .append(dim(timeOfDay(time)))
        .append(' ')
        .append(coloured(level))
        .append(' ')
        .append(printable(message));
    if (!logger.isEmpty()) {
      shown.append(dim("  " + logger.substring(logger.lastIndexOf('.') + 1)));
    }
    if (!trace.isEmpty()) {
      shown.append(dim("  " + printable(trace)));
    }
    if (!stack.isEmpty()) {
      shown.append('\n').append(printable(stack.stripTrailing()));
    }
    return shown.toString();
  }

  private String timeOfDay(String time) {
    try {
      return TIME.format(DateTimeFormatter.ISO_DATE_TIME.parse(time, Instant::from).atZone(zone));
    } catch (DateTimeException unknownForm) {
      return printable(time);
    }
  }

  private String coloured(String level) {
    String padded = "%-5s".formatted(printable(level));
    return switch (colours ? level : "") {
      case "ERROR" -> RED + padded + RESET;
      case "WARN" -> YELLOW + padded + RESET;
      default -> padded;
    };
  }

  private String dim(String text) {
    return colours ? DIM + text + RESET : text;
  }

  private static String printable(String text) {
    return CONTROL.matcher(text.replace("\r\n", "\n")).replaceAll("\uFFFD");
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  /**
   * The text at a path of members; also where the path is one member with dots in its name. Empty
   * where there is none.
   */
  private static String text(JsonNode event, String... path) {
    JsonNode node = event;
    for (String member : path) {
      node = node.path(member);
    }
    if (node.isMissingNode()) {
      node = event.path(String.join(".", path));
    }
    return node.isValueNode() && !node.isNull() ? node.asString() : "";
  }
}
