package dev.backline.beapi.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The place behind the last row of a page: rows are ordered by creation time, then by id. Callers
 * see {@link #token()} only and must not look inside; its form may change at any time, since an old
 * one is refused clearly.
 */
public record Cursor(Instant createdAt, String id) {

  private static final String VERSION = "1";

  /** Later times have no place in the stores. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

  /** Reads a token. Null means the first page. */
  public static @Nullable Cursor parse(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      var bytes = Base64.getUrlDecoder().decode(token);
      var parts = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().split("\\|", 3);
      if (parts.length == 3 && parts[0].equals(VERSION) && isPlain(parts[2])) {
        var createdAt = Instant.parse(parts[1]);
        if (!createdAt.isBefore(Instant.EPOCH) && createdAt.isBefore(END_OF_TIME)) {
          return new Cursor(createdAt, parts[2]);
        }
      }
    } catch (IllegalArgumentException | CharacterCodingException | DateTimeException e) {
      // refused below
    }
    throw new InvalidInput(
        "cursor", "is not one that this API gave out; leave it away to begin anew");
  }

  /** The opaque form, safe in a URL. */
  public String token() {
    var text = VERSION + "|" + createdAt + "|" + id;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static boolean isPlain(String id) {
    return !id.isEmpty() && id.length() <= 255 && id.chars().noneMatch(Character::isISOControl);
  }
}
