package dev.backline.redirector.click;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Keeps of a referring page its host only: in punycode and lower case, at most 100 characters. */
final class Referrers {

  private static final int MAX_HOST = 100;

  /** A longer header cannot be a page that a person came from; it is not worth reading. */
  private static final int MAX_HEADER = 4_096;

  private final String ownHost;

  Referrers(String ownHost) {
    this.ownHost = ownHost.toLowerCase(Locale.ROOT);
  }

  /**
   * Null when there is no page, or it is one of ours, or its host is an address: addresses can be a
   * person's.
   */
  @Nullable String host(@Nullable String referer) {
    if (referer == null || referer.length() > MAX_HEADER) {
      return null;
    }
    int start = afterScheme(referer);
    if (start < 0) {
      return null;
    }
    int end = start;
    int port = -1;
    scan:
    for (; end < referer.length(); end++) {
      switch (referer.charAt(end)) {
        case '/', '?', '#', '\\' -> {
          break scan;
        }
        case '@' -> {
          start = end + 1;
          port = -1;
        }
        case ':' -> port = port < 0 ? end : port;
        default -> {}
      }
    }
    String host = normalized(referer.substring(start, port < 0 ? end : port));
    return host == null || host.equals(ownHost) ? null : host;
  }

  private static int afterScheme(String referer) {
    if (referer.regionMatches(true, 0, "https://", 0, 8)) {
      return 8;
    }
    return referer.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
  }

  private static @Nullable String normalized(String text) {
    String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (!isHostName(host)) {
      try {
        host = IDN.toASCII(host);
      } catch (IllegalArgumentException e) {
        return null;
      }
      if (!isHostName(host)) {
        return null;
      }
    }
    int lastLabel = host.lastIndexOf('.') + 1;
    if (lastLabel == host.length() || isDigit(host.charAt(lastLabel))) {
      return null;
    }
    host = host.toLowerCase(Locale.ROOT);
    return host.length() > MAX_HOST ? host.substring(0, MAX_HOST) : host;
  }

  private static boolean isHostName(String host) {
    if (host.isEmpty()) {
      return false;
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' || c == '.';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
