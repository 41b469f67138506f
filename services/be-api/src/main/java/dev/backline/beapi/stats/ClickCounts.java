package dev.backline.beapi.stats;

import dev.backline.beapi.link.LinkCode;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Where counted clicks are kept; written by the event worker. */
public interface ClickCounts {

  /** Gives all counts of a link within the period, by hour in ascending order. */
  void read(LinkCode code, Period period, Consumer<Count> sink);

  /** Some clicks of one hour (UTC). */
  sealed interface Count {

    /** All clicks of the hour by kind; those of persons by country and by device as well. */
    record Hour(
        Instant hour,
        long persons,
        long previews,
        long bots,
        Map<String, Long> countries,
        Map<String, Long> devices)
        implements Count {}

    /** Clicks of persons who came from a host, or {@code direct}. */
    record Referrer(String host, long persons) implements Count {}
  }
}
