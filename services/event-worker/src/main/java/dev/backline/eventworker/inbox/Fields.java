package dev.backline.eventworker.inbox;

import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of one JSON object, read one by one so that a refusal can say which field broke which
 * rule.
 *
 * <p>Fields that nobody asks for are ignored: a producer may add some without a new version of the
 * message. Every method throws {@link PoisonMessageException}.
 */
public final class Fields {

  private static final int DEEPEST_NESTING = 10;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST_NESTING).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String path;

  private Fields(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /**
   * Reads a message body whose {@code type} must be {@code <name>.<version>}.
   *
   * @param type for example {@code clicks.v1}
   */
  public static Fields ofMessage(String body, String type) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new PoisonMessageException(
          Reason.NOT_JSON,
          at == null
              ? "the body is not JSON"
              : "the body stops being JSON at line %d, column %d"
                  .formatted(at.getLineNr(), at.getColumnNr()));
    }
    JsonNode actual = root.path("type");
    if (!actual.isString()) {
      throw new PoisonMessageException(
          Reason.UNKNOWN_TYPE, "the body is not an object with a text field 'type'");
    }
    if (!actual.stringValue().equals(type)) {
      String family = type.substring(0, type.lastIndexOf('.') + 1);
      throw actual.stringValue().startsWith(family)
          ? new PoisonMessageException(
              Reason.UNSUPPORTED_VERSION, "type: only %s is understood".formatted(type))
          : new PoisonMessageException(Reason.UNKNOWN_TYPE, "type: not %s".formatted(type));
    }
    return new Fields(root, "");
  }

  /**
   * A text of 1 to {@code atMost} characters that is well-formed Unicode without control characters
   * but line breaks and tabs.
   */
  public String text(String name, int atMost) {
    return required(name, optionalText(name, atMost));
  }

  /** As {@link #text}, or null where the field is absent, null or empty. */
  public @Nullable String optionalText(String name, int atMost) {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw invalid(name, "not a text");
    }
    String text = value.stringValue();
    if (text.length() > atMost) {
      throw invalid(name, "longer than %d characters".formatted(atMost));
    }
    if (!text.codePoints().allMatch(Fields::isPrintable)) {
      throw invalid(name, "contains a control character or half a surrogate pair");
    }
    return text.isEmpty() ? null : text;
  }

  /** A text that keeps a rule; {@code rule} says it in words. */
  public String text(String name, int atMost, Predicate<String> keeps, String rule) {
    return checked(name, text(name, atMost), keeps, rule);
  }

  /**
   * As {@link #text(String, int, Predicate, String)}, or null where the field is absent or null.
   */
  public @Nullable String optionalText(
      String name, int atMost, Predicate<String> keeps, String rule) {
    String text = optionalText(name, atMost);
    return text == null ? null : checked(name, text, keeps, rule);
  }

  /** An ISO-8601 instant in UTC. */
  public Instant instant(String name) {
    return required(name, optionalInstant(name));
  }

  /** As {@link #instant}, or null where the field is absent or null. */
  public @Nullable Instant optionalInstant(String name) {
    String text = optionalText(name, 40);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw invalid(name, "not an ISO-8601 instant");
    }
  }

  /** A whole number of 1 or more. */
  public long positive(String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      throw missing(name);
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
      throw invalid(name, "not a whole number of 1 or more");
    }
    return value.longValue();
  }

  /** One of an enum's names in lower case. */
  public <E extends Enum<E>> E oneOf(String name, Class<E> values) {
    String text = text(name, 40);
    for (E value : values.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return value;
      }
    }
    throw invalid(name, "not one of the known values");
  }

  /** The objects of an array of 1 to {@code atMost} entries. */
  public List<Fields> objects(String name, int atMost) {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      throw missing(name);
    }
    if (!value.isArray() || value.isEmpty()) {
      throw invalid(name, "not a list with entries");
    }
    if (value.size() > atMost) {
      throw new PoisonMessageException(
          Reason.TOO_LARGE, "%s: more than %d entries".formatted(path + name, atMost));
    }
    List<Fields> objects = new ArrayList<>(value.size());
    for (JsonNode entry : value) {
      String at = "%s[%d]".formatted(path + name, objects.size());
      if (!entry.isObject()) {
        throw new PoisonMessageException(Reason.INVALID_FIELD, at + ": not an object");
      }
      objects.add(new Fields(entry, at + "."));
    }
    return objects;
  }

  private String checked(String name, String text, Predicate<String> keeps, String rule) {
    if (!keeps.test(text)) {
      throw invalid(name, rule);
    }
    return text;
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  private PoisonMessageException missing(String name) {
    return new PoisonMessageException(Reason.MISSING_FIELD, path + name);
  }

  private PoisonMessageException invalid(String name, String rule) {
    return new PoisonMessageException(Reason.INVALID_FIELD, path + name + ": " + rule);
  }

  private static boolean isPrintable(int codePoint) {
    return codePoint == '\n'
        || codePoint == '\r'
        || codePoint == '\t'
        || (Character.getType(codePoint) != Character.SURROGATE
            && !Character.isISOControl(codePoint));
  }
}
