package dev.backline.redirector.click;

import dev.backline.redirector.click.Click.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes a click of a visit: keeps what statistics need and nothing that tells who it was. */
public final class Classifier {

  private final UserAgents userAgents;
  private final Referrers referrers;

  /**
   * Classifies by these patterns.
   *
   * @param ownHost host of the short links; a visit that comes from there has no referrer
   */
  public Classifier(UserAgents userAgents, String ownHost) {
    this.userAgents = userAgents;
    this.referrers = new Referrers(ownHost);
  }

  /** The click that this visit is. */
  public Click click(Instant at, String code, Visit visit) {
    Kind kind = isFetchAhead(visit.purpose()) ? Kind.PREVIEW : userAgents.kind(visit.userAgent());
    return new Click(
        at,
        code,
        country(visit.country()),
        UserAgents.device(visit.userAgent()),
        referrers.host(visit.referer()),
        kind);
  }

  /**
   * {@code prefetch}, {@code prefetch;prerender} or Safari's {@code prefetch} and {@code preview}.
   */
  private static boolean isFetchAhead(@Nullable String purpose) {
    return purpose != null
        && (purpose.regionMatches(true, 0, "prefetch", 0, 8)
            || purpose.regionMatches(true, 0, "preview", 0, 7));
  }

  private static @Nullable String country(@Nullable String value) {
    return value != null
            && value.length() == 2
            && isUpperCase(value.charAt(0))
            && isUpperCase(value.charAt(1))
        ? value
        : null;
  }

  private static boolean isUpperCase(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
