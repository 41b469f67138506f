package dev.backline.beapi.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backline.beapi.input.PlainText;
import dev.backline.beapi.link.RefusedTarget.Reason;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.InvalidUrlException;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder.ParserType;

/**
 * Which targets a short link may lead to. A target is parsed the way a browser parses it (WHATWG
 * URL), so that what is checked is what will be opened; texts that only a browser's leniency turns
 * into a URL are refused instead of repaired.
 */
final class TargetRules {

  /**
   * What CloudFront, crawlers and messengers pass on without harm; also the limit of most other
   * shorteners.
   */
  static final int MAX_LENGTH = 2_048;

  private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

  /** Characters that IDNA 2003 (Java) and IDNA 2008 (browsers) map to different hosts. */
  private static final Pattern DEVIATION = Pattern.compile("[\\u00DF\\u1E9E\\u03C2\\u200C\\u200D]");

  private static final List<String> LOCAL_SUFFIXES =
      List.of(
          ".localhost",
          ".local",
          ".internal",
          ".intranet",
          ".lan",
          ".home",
          ".corp",
          ".home.arpa",
          ".localdomain");

  private final Set<String> ownHosts;
  private final boolean privateAllowed;
  private final boolean singleLabelAllowed;

  /**
   * @param ownHosts hosts of this shortener, each {@code host} (any port) or {@code host:port}
   * @param privateAllowed whether private addresses and names of local networks are accepted
   * @param singleLabelAllowed whether hosts without a dot are accepted
   */
  TargetRules(Set<String> ownHosts, boolean privateAllowed, boolean singleLabelAllowed) {
    this.ownHosts = Set.copyOf(ownHosts);
    this.privateAllowed = privateAllowed;
    this.singleLabelAllowed = singleLabelAllowed;
  }

  /**
   * Checks a target and gives its normal form: ASCII only, scheme and host in lower case, IDN as
   * punycode, no default port, dot segments resolved.
   *
   * @throws RefusedTarget with the first rule that it breaks
   */
  String check(@Nullable String target) {
    if (target == null || target.isBlank()) {
      throw new RefusedTarget(Reason.EMPTY);
    }
    checkText(target);
    var url = parse(target.strip());
    checkHost(url);
    var normal = write(url);
    if (normal.length() > MAX_LENGTH) {
      throw new RefusedTarget(Reason.TOO_LONG);
    }
    return normal;
  }

  private static void checkText(String target) {
    refuseIf(target.length() > MAX_LENGTH, Reason.TOO_LONG);
    refuseIf(PlainText.hasUnpairedSurrogate(target), Reason.UNPAIRED_SURROGATE);
    refuseIf(target.codePoints().anyMatch(TargetRules::isControl), Reason.CONTROL_CHARACTER);
    refuseIf(target.indexOf('\\') >= 0, Reason.BACKSLASH);
  }

  private static UriComponents parse(String target) {
    var scheme = SCHEME.matcher(target);
    refuseIf(!scheme.find(), Reason.NOT_ABSOLUTE);
    var name = scheme.group(1).toLowerCase(Locale.ROOT);
    refuseIf(!name.equals("http") && !name.equals("https"), Reason.SCHEME_NOT_ALLOWED);
    refuseIf(!target.startsWith("//", scheme.end()), Reason.NOT_ABSOLUTE);

    int authority = scheme.end() + 2;
    int tail = authority;
    while (tail < target.length() && "/?#".indexOf(target.charAt(tail)) < 0) {
      tail++;
    }
    refuseIf(tail == authority, Reason.HOST_MISSING);
    refuseIf(target.lastIndexOf('@', tail - 1) >= authority, Reason.USER_INFO);
    refuseIf(DEVIATION.matcher(target).region(authority, tail).find(), Reason.HOST_NEEDS_PUNYCODE);

    // Everything behind the authority is made ASCII first: the parser doubles half of a character
    // outside the BMP.
    var ascii = target.substring(0, tail) + percentEncoded(target.substring(tail));
    try {
      return UriComponentsBuilder.fromUriString(ascii, ParserType.WHAT_WG).build();
    } catch (InvalidUrlException e) {
      throw new RefusedTarget(Reason.HOST_MALFORMED);
    }
  }

  private void checkHost(UriComponents url) {
    var host = url.getHost();
    if (host == null || host.isEmpty()) {
      throw new RefusedTarget(Reason.HOST_MISSING);
    }
    refuseIf(url.getUserInfo() != null, Reason.USER_INFO);
    refuseIf(url.getPort() == 0, Reason.HOST_MALFORMED);
    var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    refuseIf(ownHosts.contains(name) || ownHosts.contains(name + ":" + port), Reason.OWN_HOST);

    var address = IpLiteral.parse(name);
    if (address != null) {
      refuseIf(!privateAllowed && !address.isPublic(), Reason.ADDRESS_NOT_PUBLIC);
      return;
    }
    refuseIf(name.length() > 253, Reason.HOST_MALFORMED);
    for (var label : name.split("\\.", -1)) {
      refuseIf(!LABEL.matcher(label).matches(), Reason.HOST_MALFORMED);
    }
    refuseIf(!privateAllowed && isLocal(name), Reason.HOST_LOCAL);
    refuseIf(!singleLabelAllowed && name.indexOf('.') < 0, Reason.HOST_SINGLE_LABEL);
  }

  private static boolean isLocal(String name) {
    return name.equals("localhost") || LOCAL_SUFFIXES.stream().anyMatch(name::endsWith);
  }

  private static String write(UriComponents url) {
    var text = new StringBuilder(url.getScheme()).append("://").append(url.getHost());
    boolean defaultPort =
        url.getPort() < 0 || url.getPort() == ("https".equals(url.getScheme()) ? 443 : 80);
    if (!defaultPort) {
      text.append(':').append(url.getPort());
    }
    var path = url.getPath();
    text.append(path == null || path.isEmpty() ? "/" : path);
    if (url.getQuery() != null) {
      text.append('?').append(url.getQuery());
    }
    if (url.getFragment() != null) {
      text.append('#').append(url.getFragment());
    }
    return text.toString();
  }

  /**
   * Encodes what browsers encode, and some more that strict parsers would refuse; existing escapes
   * stay as they are.
   */
  private static String percentEncoded(String tail) {
    var text = new StringBuilder(tail.length());
    for (byte b : tail.getBytes(UTF_8)) {
      if (b <= ' ' || b == 0x7f || "\"<>^`{|}".indexOf(b) >= 0) {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      } else {
        text.append((char) b);
      }
    }
    return text.toString();
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  private static void refuseIf(boolean broken, Reason reason) {
    if (broken) {
      throw new RefusedTarget(reason);
    }
  }
}
