package dev.backline.dynamodbretry;

import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;

/**
 * Reads the SDK's record of each call: every failed attempt that another one followed was a retry.
 */
final class RetryMetricPublisher implements MetricPublisher {

  private final RetryListener listener;

  RetryMetricPublisher(RetryListener listener) {
    this.listener = listener;
  }

  @Override
  public void publish(MetricCollection call) {
    List<MetricCollection> attempts = call.childrenWithName("ApiCallAttempt").toList();
    for (int i = 0; i < attempts.size() - 1; i++) {
      listener.retried(
          first(call.metricValues(CoreMetric.OPERATION_NAME)),
          first(attempts.get(i).metricValues(CoreMetric.ERROR_TYPE)));
    }
  }

  @Override
  public void close() {}

  private static String first(List<String> values) {
    return values.isEmpty() ? "unknown" : name(values.getFirst());
  }

  /**
   * ConfiguredTimeout -> timeout, ServerError -> server-error; an operation's name stays as it is.
   */
  private static String name(String value) {
    return switch (value) {
      case "Throttling", "IO", "Other" -> value.toLowerCase(Locale.ROOT);
      case "ServerError" -> "server-error";
      case "ConfiguredTimeout" -> "timeout";
      default -> value;
    };
  }
}
