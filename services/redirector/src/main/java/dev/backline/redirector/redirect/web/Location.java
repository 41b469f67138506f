package dev.backline.redirector.redirect.web;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Turns a stored target into a header value: what isn't printable ASCII is percent-encoded. */
final class Location {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Location() {}

  static String of(String url) {
    for (int i = 0; i < url.length(); i++) {
      if (!isPlain(url.charAt(i))) {
        return encoded(url);
      }
    }
    return url;
  }

  private static boolean isPlain(int c) {
    return c > 0x20 && c < 0x7f;
  }

  private static String encoded(String url) {
    StringBuilder encoded = new StringBuilder(url.length() * 2);
    for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        HEX.toHexDigits(encoded.append('%'), b);
      }
    }
    return encoded.toString();
  }
}
