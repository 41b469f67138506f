package dev.backline.redirector.click;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A followed link, without anything that tells who followed it: no address, no user agent, no path
 * of the referring page, the time cut to the second.
 *
 * @param country ISO 3166-1 alpha-2, or null when no trusted proxy told
 * @param referrer host of the page the link was on, or null when there was none
 */
public record Click(
    Instant at,
    String code,
    @Nullable String country,
    Device device,
    @Nullable String referrer,
    Kind kind) {

  public Click {
    at = at.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * What was held in hand, as far as the user agent tells. An iPad that asks for desktop pages is a
   * desktop.
   */
  public enum Device {
    MOBILE("mobile"),
    TABLET("tablet"),
    DESKTOP("desktop"),
    OTHER("other");

    private final String label;

    Device(String label) {
      this.label = label;
    }

    /** The name in messages and statistics. */
    public String label() {
      return label;
    }
  }

  /** Who followed the link. */
  public enum Kind {
    /** A person, in a browser or in the browser inside an app. */
    PERSON("person"),
    /** A messenger or social network that draws a card, or a browser that fetches ahead. */
    PREVIEW("preview"),
    /** Every other program. */
    BOT("bot");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The name in messages, statistics and the pattern file. */
    public String label() {
      return label;
    }
  }
}
