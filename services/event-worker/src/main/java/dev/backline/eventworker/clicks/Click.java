package dev.backline.eventworker.clicks;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request for a short link.
 *
 * @param at to the second
 * @param country ISO 3166-1 alpha-2, or null where it is unknown
 * @param referrer host of the page that held the link, or null where there was none
 */
record Click(
    Instant at,
    String code,
    @Nullable String country,
    Device device,
    @Nullable String referrer,
    Kind kind) {

  enum Device {
    MOBILE,
    TABLET,
    DESKTOP,
    OTHER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who asked: a person, a messenger that builds a preview, or another program. */
  enum Kind {
    PERSON,
    PREVIEW,
    BOT;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
