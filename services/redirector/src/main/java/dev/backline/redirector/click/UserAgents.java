package dev.backline.redirector.click;

import dev.backline.redirector.click.Click.Device;
import dev.backline.redirector.click.Click.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells persons from programs by the pattern file {@code user-agents.tsv}: kind, how to match
 * ({@code contains} or {@code starts}, letter case ignored), the token, where it is documented. The
 * first line that matches decides.
 *
 * <p>One pass over the user agent, no regular expression: tokens are found by their first letter.
 *
 * <p>The functions at the edge classify by the same file, and run the same test table {@code
 * user-agent-cases.tsv}.
 */
public final class UserAgents {

  /** Longer user agents exist only in attacks; the tokens that matter stand further in front. */
  private static final int MAX_LENGTH = 1_024;

  private static final int LETTERS = 128;

  private final Pattern[][] byFirstLetter;

  private UserAgents(List<Pattern> patterns) {
    byFirstLetter = new Pattern[LETTERS][];
    for (int letter = 0; letter < LETTERS; letter++) {
      char first = (char) letter;
      byFirstLetter[letter] =
          patterns.stream().filter(p -> p.token().charAt(0) == first).toArray(Pattern[]::new);
    }
  }

  /** The patterns that come with the redirector. */
  public static UserAgents fromFile() {
    try (InputStream file = UserAgents.class.getResourceAsStream("user-agents.tsv")) {
      if (file == null) {
        throw new IllegalStateException("user-agents.tsv is missing from the class path");
      }
      return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("user-agents.tsv cannot be read", e);
    }
  }

  static UserAgents parse(String text) {
    List<Pattern> patterns = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        patterns.add(Pattern.parse(line, patterns.size()));
      }
    }
    return new UserAgents(patterns);
  }

  /** No user agent at all is a program: every browser sends one. */
  Kind kind(@Nullable String userAgent) {
    if (userAgent == null || userAgent.isBlank()) {
      return Kind.BOT;
    }
    Pattern best = null;
    String text = userAgent.substring(0, Math.min(userAgent.length(), MAX_LENGTH));
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= LETTERS) {
        continue;
      }
      for (Pattern pattern : byFirstLetter[lowerCase(c)]) {
        if ((best == null || pattern.line() < best.line()) && pattern.matches(text, i)) {
          best = pattern;
        }
      }
    }
    return best == null ? Kind.PERSON : best.kind();
  }

  static Device device(@Nullable String userAgent) {
    if (userAgent == null) {
      return Device.OTHER;
    }
    if (userAgent.contains("iPad") || userAgent.contains("Tablet")) {
      return Device.TABLET;
    }
    boolean android = userAgent.contains("Android");
    if (userAgent.contains("Mobi") || userAgent.contains("iPhone")) {
      return Device.MOBILE;
    }
    if (android) {
      // Google's rule: an Android browser that doesn't say "Mobile" is on a tablet.
      return Device.TABLET;
    }
    return userAgent.contains("Windows NT")
            || userAgent.contains("Macintosh")
            || userAgent.contains("X11")
            || userAgent.contains("CrOS")
        ? Device.DESKTOP
        : Device.OTHER;
  }

  private static char lowerCase(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
  }

  private record Pattern(int line, Kind kind, boolean atStart, String token) {

    static Pattern parse(String line, int number) {
      String[] fields = line.split("\t", -1);
      if (fields.length != 4 || fields[2].isEmpty() || fields[3].isBlank()) {
        throw new IllegalArgumentException("not 'kind<TAB>match<TAB>token<TAB>source': " + line);
      }
      boolean atStart =
          switch (fields[1]) {
            case "starts" -> true;
            case "contains" -> false;
            default -> throw new IllegalArgumentException("'contains' or 'starts': " + line);
          };
      String token = fields[2].toLowerCase(Locale.ROOT);
      if (token.charAt(0) >= LETTERS) {
        throw new IllegalArgumentException("a token begins with an ASCII character: " + line);
      }
      return new Pattern(number, Kind.valueOf(fields[0].toUpperCase(Locale.ROOT)), atStart, token);
    }

    boolean matches(String userAgent, int at) {
      return (!atStart || at == 0) && userAgent.regionMatches(true, at, token, 0, token.length());
    }
  }
}
