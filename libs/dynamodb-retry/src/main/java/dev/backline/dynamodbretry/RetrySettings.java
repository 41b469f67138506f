package dev.backline.dynamodbretry;

import java.time.Duration;

/**
 * The numbers of every retry, in one place. {@link DynamoDbRetryProperties} tells the reason of
 * each default.
 *
 * @param maxAttempts calls of one operation, the first one included; at least 1
 * @param baseDelay longest wait before the first retry after a failure
 * @param throttlingBaseDelay longest wait before the first retry after a throttle
 * @param maxDelay longest wait before any retry
 * @param attemptTimeout longest time of one attempt on single items
 * @param bulkAttemptTimeout longest time of one attempt of a batch or a transaction
 * @param callTimeout longest time of one SDK call, all its attempts and waits included
 * @param operationTimeout longest time of one {@link CompleteBatches} or {@link
 *     RetryingTransactions} operation, all its calls and waits included
 */
public record RetrySettings(
    int maxAttempts,
    Duration baseDelay,
    Duration throttlingBaseDelay,
    Duration maxDelay,
    Duration attemptTimeout,
    Duration bulkAttemptTimeout,
    Duration callTimeout,
    Duration operationTimeout) {

  public RetrySettings {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("max-attempts must be at least 1 but is " + maxAttempts);
    }
    inOrder("base-delay", baseDelay, "max-delay", maxDelay);
    inOrder("throttling-base-delay", throttlingBaseDelay, "max-delay", maxDelay);
    inOrder("attempt-timeout", attemptTimeout, "call-timeout", callTimeout);
    inOrder("bulk-attempt-timeout", bulkAttemptTimeout, "call-timeout", callTimeout);
    inOrder("call-timeout", callTimeout, "operation-timeout", operationTimeout);
  }

  /** The defaults of {@link DynamoDbRetryProperties}, for use without Spring. */
  public static RetrySettings defaults() {
    return new RetrySettings(
        6,
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15));
  }

  Backoff throttlingBackoff() {
    return new Backoff(throttlingBaseDelay, maxDelay);
  }

  private static void inOrder(
      String shortName, Duration shorter, String longName, Duration longer) {
    if (shorter.isNegative() || shorter.isZero()) {
      throw new IllegalArgumentException(shortName + " must be positive but is " + shorter);
    }
    if (longer.compareTo(shorter) < 0) {
      throw new IllegalArgumentException(
          longName
              + " ("
              + longer
              + ") must not be shorter than "
              + shortName
              + " ("
              + shorter
              + ")");
    }
  }
}
