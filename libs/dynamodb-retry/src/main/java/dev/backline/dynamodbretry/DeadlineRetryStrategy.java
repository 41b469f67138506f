package dev.backline.dynamodbretry;

import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * The SDK's strategy, except that it gives up when its next wait would end after the process's
 * deadline.
 */
final class DeadlineRetryStrategy implements RetryStrategy {

  private final RetryStrategy strategy;
  private final RetryDeadline deadline;

  DeadlineRetryStrategy(RetryStrategy strategy, RetryDeadline deadline) {
    this.strategy = strategy;
    this.deadline = deadline;
  }

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    return strategy.acquireInitialToken(request);
  }

  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    RefreshRetryTokenResponse response = strategy.refreshRetryToken(request);
    if (response.delay().compareTo(deadline.remaining()) >= 0) {
      throw new TokenAcquisitionFailedException(
          "No retry: a wait of " + response.delay() + " would end after the process's deadline",
          response.token(),
          request.failure());
    }
    return response;
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    return strategy.recordSuccess(request);
  }

  @Override
  public int maxAttempts() {
    return strategy.maxAttempts();
  }

  @Override
  public boolean useClientDefaults() {
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    return strategy.toBuilder();
  }

  @Override
  public String toString() {
    return "DeadlineRetryStrategy(" + strategy + ")";
  }
}
