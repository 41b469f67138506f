package dev.backline.redirector.redirect.web;

import dev.backline.redirector.qr.QrCode;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code size=} out of a query, without the container's parser, which answers broken queries
 * with an error.
 */
final class QrSize {

  private static final String NAME = "size=";

  private QrSize() {}

  /** The size asked for, or the usual one; empty when it is out of bounds or no number. */
  static OptionalInt of(@Nullable String query) {
    if (query == null) {
      return OptionalInt.of(QrCode.DEFAULT_SIZE);
    }
    int start = query.startsWith(NAME) ? 0 : query.indexOf('&' + NAME) + 1;
    if (start == 0 && !query.startsWith(NAME)) {
      return OptionalInt.of(QrCode.DEFAULT_SIZE);
    }
    int end = query.indexOf('&', start);
    String value = query.substring(start + NAME.length(), end < 0 ? query.length() : end);
    if (value.isEmpty()
        || value.length() > 4
        || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    int size = Integer.parseInt(value);
    return size >= QrCode.MIN_SIZE && size <= QrCode.MAX_SIZE
        ? OptionalInt.of(size)
        : OptionalInt.empty();
  }
}
