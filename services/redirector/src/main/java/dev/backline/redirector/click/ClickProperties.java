package dev.backline.redirector.click;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How clicks wait and travel.
 *
 * @param buffer how many clicks may wait. 50,000 take about 10 MB and bridge an SQS outage of 50 s
 *     at 1,000 clicks per second.
 * @param batchSize how many clicks one message carries at most. 200 make about 30 KB, so that up to
 *     eight messages share one request, and a message costs the worker one transaction per few
 *     counters rather than one per click.
 * @param batchDelay how long the first click of a message waits for others. 200 ms: nobody watches
 *     statistics closer than that, and at 5 messages per second an idle redirector stays in SQS's
 *     free tier per request.
 * @param maxMessage how large one message and one request may become. 240 KB stay below the 256 KB
 *     that every SQS and every emulator accepts, with room for attributes.
 * @param sendTimeout how long one request to SQS may take. 3 s: an answer that is later than this
 *     is not coming.
 * @param maxRetryDelay the longest pause between two attempts to send. 5 s: after an outage clicks
 *     flow again at once.
 * @param closeTimeout how long the buffer is flushed when the application stops without
 *     libs/graceful-shutdown. 5 s.
 */
@ConfigurationProperties("backline.redirector.clicks")
public record ClickProperties(
    @DefaultValue("50000") int buffer,
    @DefaultValue("200") int batchSize,
    @DefaultValue("200ms") Duration batchDelay,
    @DefaultValue("240KB") DataSize maxMessage,
    @DefaultValue("3s") Duration sendTimeout,
    @DefaultValue("5s") Duration maxRetryDelay,
    @DefaultValue("5s") Duration closeTimeout) {

  public ClickProperties {
    if (buffer < 1) {
      throw new IllegalArgumentException("backline.redirector.clicks.buffer must be at least 1");
    }
    if (batchSize < 1 || batchSize > 200) {
      throw new IllegalArgumentException(
          "backline.redirector.clicks.batch-size must be 1 to 200, which is what the worker takes");
    }
    if (maxMessage.toBytes() < 1_024 || maxMessage.toBytes() > 256 * 1_024) {
      throw new IllegalArgumentException(
          "backline.redirector.clicks.max-message must be 1 KB to 256 KB");
    }
  }
}
