package dev.backline.dynamodbretry;

import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * Gives a DynamoDB client retry numbers that do not depend on the SDK's version or its environment.
 *
 * <p>The numbers of an SDK client change with the way it is asked: 9 attempts when nothing is said,
 * 3 with {@code retryStrategy(RetryMode.STANDARD)}, 4 with a configurator that changes nothing,
 * others again with {@code AWS_NEW_RETRIES_2026}. So every number is set here.
 */
public final class PinnedRetry {

  private final RetrySettings settings;
  private final RetryDeadline deadline;
  private final RetryListener listener;

  public PinnedRetry(RetrySettings settings, RetryDeadline deadline, RetryListener listener) {
    this.settings = settings;
    this.deadline = deadline;
    this.listener = listener;
  }

  /**
   * The same configuration with retries, time-outs and the report of retries set; everything else
   * is kept.
   */
  public ClientOverrideConfiguration applyTo(ClientOverrideConfiguration configuration) {
    return configuration.toBuilder()
        .retryStrategy(strategy())
        .apiCallTimeout(settings.callTimeout())
        .apiCallAttemptTimeout(settings.attemptTimeout())
        .addMetricPublisher(new RetryMetricPublisher(listener))
        .build();
  }

  /**
   * Made from a strategy that already knows what to retry: the SDK adds that only to strategies of
   * its own.
   */
  private RetryStrategy strategy() {
    return new DeadlineRetryStrategy(
        AwsRetryStrategy.standardRetryStrategy(false).toBuilder()
            .maxAttempts(settings.maxAttempts())
            .backoffStrategy(
                BackoffStrategy.exponentialDelay(settings.baseDelay(), settings.maxDelay()))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(
                    settings.throttlingBaseDelay(), settings.maxDelay()))
            .build(),
        deadline);
  }
}
