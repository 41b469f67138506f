package dev.backline.eventworker.inbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Receiving of messages.
 *
 * @param concurrency messages of one queue that are handled at a time, 1 to 10. Default 10, what
 *     one receive call returns.
 * @param pollTimeout how long one receive call waits for messages. Default 3 seconds: long enough
 *     to keep empty calls cheap, short enough for a stop, which has to wait for the call.
 * @param maxReceives deliveries of a message that keeps failing; the last one puts it aside with
 *     its reason. Default 5, the queues' own {@code maxReceiveCount}, which is the safety net.
 * @param firstRetryDelay how long a message that failed stays invisible after its first delivery.
 *     Default 15 seconds; four times as long after each further one, at least half of it by chance.
 * @param longestRetryDelay bound of that. Default 15 minutes: five deliveries then span 20 minutes.
 * @param firstProbeDelay pause before DynamoDB is asked again after it failed. Default 1 second;
 *     doubles.
 * @param longestProbeDelay bound of that. Default 15 seconds, how long a recovery may stay
 *     unnoticed.
 */
@Validated
@ConfigurationProperties("backline.worker.inbox")
public record InboxProperties(
    @Min(1) @Max(10) @DefaultValue("10") int concurrency,
    @NotNull @DefaultValue("3s") Duration pollTimeout,
    @Min(1) @DefaultValue("5") int maxReceives,
    @NotNull @DefaultValue("15s") Duration firstRetryDelay,
    @NotNull @DefaultValue("15m") Duration longestRetryDelay,
    @NotNull @DefaultValue("1s") Duration firstProbeDelay,
    @NotNull @DefaultValue("15s") Duration longestProbeDelay) {}
