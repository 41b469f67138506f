package dev.backline.redirector.link;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The part of a short URL that names a link: 1 to {@value #MAX_LENGTH} letters, digits, {@code -}
 * or {@code _} of any script, in Unicode form NFC, so that a Hangul code typed on a Mac
 * (decomposed) and on Windows (composed) is one code. Text that cannot be a code is never looked
 * up.
 */
public record LinkCode(String value) {

  /** Longer than any code that be-api gives out, and far below DynamoDB's 2,048 bytes of key. */
  public static final int MAX_LENGTH = 64;

  public LinkCode {
    if (!isCode(value)) {
      throw new IllegalArgumentException("not a link code");
    }
  }

  /** The code that the text stands for, or empty when no link can have it. */
  public static Optional<LinkCode> of(String text) {
    // Decomposed Hangul takes up to three characters for one.
    if (text.isEmpty() || text.length() > 3 * MAX_LENGTH) {
      return Optional.empty();
    }
    String value = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFC);
    return isCode(value) ? Optional.of(new LinkCode(value)) : Optional.empty();
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCode(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      if (!Character.isLetterOrDigit(c) && c != '-' && c != '_') {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
