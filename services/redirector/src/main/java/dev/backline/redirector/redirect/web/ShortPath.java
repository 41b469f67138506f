package dev.backline.redirector.redirect.web;

import dev.backline.redirector.link.LinkCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request path of the short-link host asks for. Works on the path as it was sent, so that
 * nothing depends on how a container decodes and normalizes.
 *
 * @param code set exactly when the kind concerns a link
 */
record ShortPath(Kind kind, @Nullable LinkCode code) {

  enum Kind {
    REDIRECT("/{code}"),
    PREVIEW("/{code}+"),
    PNG("/{code}.png"),
    SVG("/{code}.svg"),
    HOME("/"),
    ROBOTS("/robots.txt"),
    FAVICON("/favicon.ico"),
    /** No link can be there. */
    UNKNOWN("/unknown"),
    /** Not a path: broken percent encoding, control characters. */
    MALFORMED("/malformed");

    private final String pattern;

    Kind(String pattern) {
      this.pattern = pattern;
    }

    /** For the metric tag {@code uri}, which must not hold codes. */
    String pattern() {
      return pattern;
    }
  }

  private static final ShortPath HOME = new ShortPath(Kind.HOME, null);
  private static final ShortPath ROBOTS = new ShortPath(Kind.ROBOTS, null);
  private static final ShortPath FAVICON = new ShortPath(Kind.FAVICON, null);
  private static final ShortPath UNKNOWN = new ShortPath(Kind.UNKNOWN, null);
  private static final ShortPath MALFORMED = new ShortPath(Kind.MALFORMED, null);

  /** Four UTF-8 bytes per character, three characters each, decomposed Hangul thrice. */
  private static final int MAX_LENGTH = LinkCode.MAX_LENGTH * 4 * 3 * 3;

  static ShortPath parse(String rawPath) {
    switch (rawPath) {
      case "/", "" -> {
        return HOME;
      }
      case "/robots.txt" -> {
        return ROBOTS;
      }
      case "/favicon.ico" -> {
        return FAVICON;
      }
      default -> {}
    }
    if (rawPath.charAt(0) != '/' || rawPath.length() > MAX_LENGTH) {
      return UNKNOWN;
    }
    String text = decoded(rawPath);
    if (text == null) {
      return MALFORMED;
    }
    if (text.endsWith("+")) {
      return of(Kind.PREVIEW, text, 1);
    }
    if (text.endsWith(".png")) {
      return of(Kind.PNG, text, 4);
    }
    if (text.endsWith(".svg")) {
      return of(Kind.SVG, text, 4);
    }
    return of(Kind.REDIRECT, text, 0);
  }

  private static ShortPath of(Kind kind, String text, int suffix) {
    Optional<LinkCode> code = LinkCode.of(text.substring(0, text.length() - suffix));
    return code.isPresent() ? new ShortPath(kind, code.get()) : UNKNOWN;
  }

  /** The path without its slash, percent-decoded as strict UTF-8; null when it cannot be. */
  private static @Nullable String decoded(String rawPath) {
    boolean plain = true;
    for (int i = 1; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      if (c < 0x20 || c == 0x7f) {
        return null;
      }
      plain &= c != '%' && c < 0x80;
    }
    return plain ? rawPath.substring(1) : percentDecoded(rawPath);
  }

  private static @Nullable String percentDecoded(String rawPath) {
    byte[] raw = rawPath.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(raw.length);
    for (int i = 1; i < raw.length; i++) {
      int b = raw[i];
      if (b == '%') {
        int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
        if (low < 0) {
          return null;
        }
        b = high << 4 | low;
        i += 2;
        if (b < 0x20 || b == 0x7f) {
          return null;
        }
      }
      bytes.put((byte) b);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
