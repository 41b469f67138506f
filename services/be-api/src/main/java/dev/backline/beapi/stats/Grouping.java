package dev.backline.beapi.stats;

import dev.backline.beapi.input.InvalidInput;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What statistics are split by, with the longest period and the one that is taken when none is
 * given.
 */
public enum Grouping {
  /** Up to 31 days, so that an answer has at most 744 buckets. */
  HOUR(Duration.ofDays(31), Duration.ofDays(1)),
  DAY(Duration.ofDays(366), Duration.ofDays(30)),
  COUNTRY(Duration.ofDays(366), Duration.ofDays(30)),
  DEVICE(Duration.ofDays(366), Duration.ofDays(30)),
  REFERRER(Duration.ofDays(366), Duration.ofDays(30)),
  KIND(Duration.ofDays(366), Duration.ofDays(30));

  private final Duration longest;
  private final Duration usual;

  Grouping(Duration longest, Duration usual) {
    this.longest = longest;
    this.usual = usual;
  }

  /** Reads the parameter {@code by}. */
  public static Grouping of(String by) {
    return Arrays.stream(values())
        .filter(grouping -> grouping.label().equals(by))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInput(
                    "by",
                    "must be one of "
                        + Arrays.stream(values())
                            .map(Grouping::label)
                            .collect(Collectors.joining(", "))));
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Duration longest() {
    return longest;
  }

  Duration usual() {
    return usual;
  }
}
