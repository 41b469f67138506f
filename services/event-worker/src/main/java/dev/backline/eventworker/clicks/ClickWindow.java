package dev.backline.eventworker.clicks;

import dev.backline.eventworker.inbox.PoisonMessageException;
import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time a click may carry.
 *
 * <p>The lower bound is what makes "counted once" hold for ever: a batch is refused before its
 * processed markers expire. So markers are kept longer than {@code maxAge + maxAhead}, see {@link
 * ClicksProperties}.
 */
final class ClickWindow {

  private final Duration maxAge;
  private final Duration maxAhead;
  private final Clock clock;

  ClickWindow(Duration maxAge, Duration maxAhead, Clock clock) {
    this.maxAge = maxAge;
    this.maxAhead = maxAhead;
    this.clock = clock;
  }

  /**
   * Refuses the whole batch, since a batch that lost some clicks would be counted under other chunk
   * numbers.
   */
  void check(ClickBatch batch) {
    Instant now = clock.instant();
    Instant earliest = now.minus(maxAge);
    Instant latest = now.plus(maxAhead);
    for (int i = 0; i < batch.clicks().size(); i++) {
      Instant at = batch.clicks().get(i).at();
      if (at.isBefore(earliest)) {
        throw outOfTime(i, "older than " + maxAge);
      }
      if (at.isAfter(latest)) {
        throw outOfTime(i, "more than %s ahead".formatted(maxAhead));
      }
    }
  }

  private static PoisonMessageException outOfTime(int index, String rule) {
    return new PoisonMessageException(
        Reason.OUT_OF_TIME, "clicks[%d].at: %s".formatted(index, rule));
  }
}
