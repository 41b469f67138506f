package dev.backline.beapi.link;

import dev.backline.beapi.input.InvalidInput;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names a request, so that its repetition creates nothing twice. Keys of different owners never
 * meet.
 */
public record IdempotencyKey(String value) {

  static final int MAX_LENGTH = 255;

  /** Reads the header. Without one the request gets a name of its own and cannot be repeated. */
  public static IdempotencyKey ofHeader(@Nullable String header) {
    if (header == null) {
      return new IdempotencyKey(UUID.randomUUID().toString());
    }
    boolean valid =
        !header.isEmpty()
            && header.length() <= MAX_LENGTH
            && header.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!valid) {
      throw new InvalidInput("Idempotency-Key", "must have 1 to 255 visible ASCII characters");
    }
    return new IdempotencyKey(header);
  }

  /** The key of one line of a bulk request. */
  public IdempotencyKey line(long number) {
    return new IdempotencyKey(value + " line " + number);
  }
}
