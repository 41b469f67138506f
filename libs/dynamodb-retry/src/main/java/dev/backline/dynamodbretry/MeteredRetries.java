package dev.backline.dynamodbretry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts retries as {@code dynamodb.retries}, tagged with operation and reason. */
final class MeteredRetries implements RetryListener {

  private final MeterRegistry registry;

  MeteredRetries(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void retried(String operation, String reason) {
    Counter.builder("dynamodb.retries")
        .description("Retries of DynamoDB calls")
        .tag("operation", operation)
        .tag("reason", reason)
        .register(registry)
        .increment();
  }
}
