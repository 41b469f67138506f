package dev.backline.eventworker.clicks;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Counting of clicks.
 *
 * @param maxAge age of the oldest click that is still counted. Default 20 days: 4 in the queue and
 *     14 in the dead-letter queue, and 2 for those who bring them back.
 * @param maxAhead how far in the future a click may lie. Default 5 minutes, the difference of
 *     clocks that AWS itself tolerates in signed requests.
 * @param markerRetention how long a chunk is remembered as counted. Default 30 days; must be more
 *     than {@code maxAge + maxAhead}, otherwise a late delivery would be counted again.
 */
@Validated
@ConfigurationProperties("backline.worker.clicks")
public record ClicksProperties(
    @NotNull @DefaultValue("20d") Duration maxAge,
    @NotNull @DefaultValue("5m") Duration maxAhead,
    @NotNull @DefaultValue("30d") Duration markerRetention) {

  @AssertTrue(message = "marker-retention must be longer than max-age and max-ahead together")
  public boolean isMarkerKeptLongerThanAnyAcceptedClick() {
    return markerRetention.compareTo(maxAge.plus(maxAhead)) > 0;
  }
}
