package dev.backline.beapi.input;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Human text that every store can hold: NFC, trimmed, without control characters (PostgreSQL has no
 * NUL) and without unpaired surrogates (which have no UTF-8 form and would come back as question
 * marks).
 */
public final class PlainText {

  private PlainText() {}

  /** A text of 1 to {@code maxLength} UTF-16 units on one line. */
  public static String required(String field, @Nullable String value, int maxLength) {
    var text = optional(field, value, maxLength);
    if (text == null) {
      throw new InvalidInput(field, "is required");
    }
    return text;
  }

  /** As {@link #required}, but absent and blank are the same and give null. */
  public static @Nullable String optional(String field, @Nullable String value, int maxLength) {
    return check(field, value, maxLength, false);
  }

  /** As {@link #optional}, with line breaks and tabs allowed. */
  public static @Nullable String optionalLines(
      String field, @Nullable String value, int maxLength) {
    return check(field, value, maxLength, true);
  }

  private static @Nullable String check(
      String field, @Nullable String value, int maxLength, boolean lines) {
    if (value == null) {
      return null;
    }
    if (hasUnpairedSurrogate(value)) {
      throw new InvalidInput(field, "contains an unpaired surrogate, which is not a character");
    }
    if (value.codePoints().anyMatch(c -> isForbidden(c, lines))) {
      throw new InvalidInput(field, "must not contain control characters");
    }
    var text = Normalizer.normalize(value, Normalizer.Form.NFC).strip();
    if (text.length() > maxLength) {
      throw new InvalidInput(field, "must have at most " + maxLength + " characters");
    }
    return text.isEmpty() ? null : text;
  }

  /** Whether a UTF-16 surrogate stands without its other half. */
  public static boolean hasUnpairedSurrogate(String value) {
    return value
        .codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private static boolean isForbidden(int c, boolean lines) {
    boolean lineOrTab = c == '\n' || c == '\r' || c == '\t';
    return Character.isISOControl(c) && !(lines && lineOrTab);
  }
}
