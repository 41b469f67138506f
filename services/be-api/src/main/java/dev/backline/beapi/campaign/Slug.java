package dev.backline.beapi.campaign;

import dev.backline.beapi.input.InvalidInput;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a campaign in its URL: 2 to 80 characters, words of lower-case ASCII letters, digits
 * and Hangul syllables with single hyphens between them. Kept in NFC, so that a slug typed on a Mac
 * (which decomposes Hangul) is the same.
 */
public record Slug(String value) {

  static final int MIN_LENGTH = 2;
  static final int MAX_LENGTH = 80;

  private static final Pattern WORDS = Pattern.compile("[a-z0-9가-힣]+(-[a-z0-9가-힣]+)*");

  /** A slug that a caller sends in {@code field}. */
  public static Slug of(String field, @Nullable String text) {
    if (text == null) {
      throw new InvalidInput(field, "is required");
    }
    return find(text)
        .orElseThrow(
            () ->
                new InvalidInput(
                    field,
                    "must have %d to %d characters: lower-case ASCII letters, digits and Hangul syllables, with single hyphens between words"
                        .formatted(MIN_LENGTH, MAX_LENGTH)));
  }

  /** Reads a slug from a path; one that cannot exist is simply absent. */
  public static Optional<Slug> find(String text) {
    var slug = Normalizer.normalize(text, Normalizer.Form.NFC);
    boolean valid =
        slug.length() >= MIN_LENGTH && slug.length() <= MAX_LENGTH && WORDS.matcher(slug).matches();
    return valid ? Optional.of(new Slug(slug)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
