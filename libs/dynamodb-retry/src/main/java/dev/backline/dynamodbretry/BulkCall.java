package dev.backline.dynamodbretry;

import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * Time-outs of one call within an operation: those of the settings, or the operation's time when
 * that is shorter.
 */
final class BulkCall {

  /** The SDK refuses a time-out of zero. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private BulkCall() {}

  static AwsRequestOverrideConfiguration within(RetrySettings settings, Patience patience) {
    Duration remaining = longer(patience.remaining(), SHORTEST);
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(shorter(settings.callTimeout(), remaining))
        .apiCallAttemptTimeout(shorter(settings.bulkAttemptTimeout(), remaining))
        .build();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
