package dev.backline.beapi.stats;

import dev.backline.beapi.input.InvalidInput;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whole hours in UTC, the grain in which clicks are counted.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record Period(Instant from, Instant to) {

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /**
   * Reads the parameters {@code from} and {@code to}, each a time or a date; a date stands for its
   * whole day, so that from and to may be the same date. Times are widened to whole hours. Without
   * {@code to} the period ends with the present hour; without {@code from} it has the grouping's
   * usual length.
   */
  public static Period of(@Nullable String from, @Nullable String to, Grouping by, Instant now) {
    var end = to == null ? ceilHour(now.plusMillis(1)) : ceilHour(parse("to", to, 1));
    var begin =
        from == null ? end.minus(by.usual()) : parse("from", from, 0).truncatedTo(ChronoUnit.HOURS);
    if (!begin.isBefore(end)) {
      throw new InvalidInput("from", "must be before to");
    }
    if (begin.plus(by.longest()).isBefore(end)) {
      throw new InvalidInput(
          "from",
          "must be at most "
              + by.longest().toDays()
              + " days before to when grouped by "
              + by.label());
    }
    return new Period(begin, end);
  }

  private static Instant parse(String field, String text, int daysAfterDate) {
    try {
      var time =
          text.indexOf('T') < 0
              ? LocalDate.parse(text)
                  .plusDays(daysAfterDate)
                  .atStartOfDay(ZoneOffset.UTC)
                  .toInstant()
              : Instant.parse(text);
      if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      // refused below
    }
    throw new InvalidInput(
        field, "must be a date such as 2026-11-22 or a time such as 2026-11-22T10:00:00Z");
  }

  private static Instant ceilHour(Instant time) {
    var hour = time.truncatedTo(ChronoUnit.HOURS);
    return hour.equals(time) ? hour : hour.plus(1, ChronoUnit.HOURS);
  }
}
