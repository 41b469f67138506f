package dev.backline.dynamodbretry;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Retry numbers of the DynamoDB client, pinned so that an SDK update cannot change them.
 *
 * @param enabled Whether the auto-configured DynamoDB client gets these numbers; false leaves it as
 *     the SDK has it.
 * @param maxAttempts Calls of one operation, the first one included. With the delays below the
 *     waits of 6 attempts last at most 775 ms after failures and 3.1 s after throttles; the SDK's 9
 *     can wait for over a minute.
 * @param baseDelay Longest wait before the first retry after a failure; it doubles with each retry.
 *     DynamoDB answers in single-digit milliseconds, so 25 ms is the SDK's own number for it.
 * @param throttlingBaseDelay Longest wait before the first retry after a throttle. A partition's
 *     budget refills every second: longer than after a failure, far shorter than the SDK's second.
 * @param maxDelay Longest wait before any retry. The SDK's 20 s outlive a request, and a
 *     container's stop.
 * @param attemptTimeout Longest time of one attempt on single items: a hundred times a usual
 *     answer, so that a dead connection costs one second and not the socket's thirty.
 * @param bulkAttemptTimeout Longest time of one attempt of a batch or a transaction, which may
 *     carry 100 items and 16 MB.
 * @param callTimeout Longest time of one SDK call, attempts and waits included. The SDK sets none;
 *     a caller of HTTP has given up after it.
 * @param operationTimeout Longest time of one CompleteBatches or RetryingTransactions operation,
 *     calls and waits included. Ends within the 25 s that a stopping task has.
 */
@ConfigurationProperties("backline.dynamodb.retry")
public record DynamoDbRetryProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("6") int maxAttempts,
    @DefaultValue("25ms") Duration baseDelay,
    @DefaultValue("100ms") Duration throttlingBaseDelay,
    @DefaultValue("2s") Duration maxDelay,
    @DefaultValue("1s") Duration attemptTimeout,
    @DefaultValue("3s") Duration bulkAttemptTimeout,
    @DefaultValue("5s") Duration callTimeout,
    @DefaultValue("15s") Duration operationTimeout) {

  public DynamoDbRetryProperties {
    // Refused while the properties are bound, so that the start-up error names them.
    new RetrySettings(
        maxAttempts,
        baseDelay,
        throttlingBaseDelay,
        maxDelay,
        attemptTimeout,
        bulkAttemptTimeout,
        callTimeout,
        operationTimeout);
  }

  RetrySettings settings() {
    return new RetrySettings(
        maxAttempts,
        baseDelay,
        throttlingBaseDelay,
        maxDelay,
        attemptTimeout,
        bulkAttemptTimeout,
        callTimeout,
        operationTimeout);
  }
}
