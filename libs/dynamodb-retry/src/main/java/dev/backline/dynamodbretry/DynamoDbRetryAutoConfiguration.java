package dev.backline.dynamodbretry;

import io.awspring.cloud.autoconfigure.dynamodb.DynamoDbClientCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Pins the retry numbers of the auto-configured {@link DynamoDbClient} and completes its batches
 * and transactions.
 */
@AutoConfiguration(afterName = "io.awspring.cloud.autoconfigure.dynamodb.DynamoDbAutoConfiguration")
@ConditionalOnClass(DynamoDbClient.class)
@EnableConfigurationProperties(DynamoDbRetryProperties.class)
public class DynamoDbRetryAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  PinnedRetry pinnedRetry(
      DynamoDbRetryProperties properties,
      ObjectProvider<RetryDeadline> deadline,
      ObjectProvider<RetryListener> listener) {
    return new PinnedRetry(
        properties.settings(),
        deadline.getIfAvailable(RetryDeadline::never),
        listener.getIfAvailable(RetryListener::silent));
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(DynamoDbClient.class)
  CompleteBatches completeBatches(
      DynamoDbClient client,
      DynamoDbRetryProperties properties,
      ObjectProvider<RetryDeadline> deadline,
      ObjectProvider<RetryListener> listener) {
    return new CompleteBatches(
        client,
        properties.settings(),
        deadline.getIfAvailable(RetryDeadline::never),
        listener.getIfAvailable(RetryListener::silent));
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(DynamoDbClient.class)
  RetryingTransactions retryingTransactions(
      DynamoDbClient client,
      DynamoDbRetryProperties properties,
      ObjectProvider<RetryDeadline> deadline,
      ObjectProvider<RetryListener> listener) {
    return new RetryingTransactions(
        client,
        properties.settings(),
        deadline.getIfAvailable(RetryDeadline::never),
        listener.getIfAvailable(RetryListener::silent));
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DynamoDbClientCustomizer.class)
  @ConditionalOnProperty(name = "backline.dynamodb.retry.enabled", matchIfMissing = true)
  static class SpringCloudAwsClient {

    /**
     * {@code overrideConfiguration(Consumer)} would start from nothing and drop what others have
     * set.
     */
    @Bean
    DynamoDbClientCustomizer pinnedRetryCustomizer(PinnedRetry retry) {
      return builder ->
          builder.overrideConfiguration(retry.applyTo(builder.overrideConfiguration()));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class Metrics {

    /** The registry is asked for at the first retry: clients are often built before registries. */
    @Bean
    @ConditionalOnMissingBean(RetryListener.class)
    RetryListener meteredRetries(ObjectProvider<MeterRegistry> registry) {
      return (operation, reason) ->
          registry.ifAvailable(
              available -> new MeteredRetries(available).retried(operation, reason));
    }
  }
}
