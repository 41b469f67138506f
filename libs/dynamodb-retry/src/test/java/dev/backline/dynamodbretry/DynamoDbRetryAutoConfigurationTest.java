package dev.backline.dynamodbretry;

import static org.assertj.core.api.Assertions.assertThat;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.CredentialsProviderAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.RegionProviderAutoConfiguration;
import io.awspring.cloud.autoconfigure.dynamodb.DynamoDbAutoConfiguration;
import io.awspring.cloud.autoconfigure.dynamodb.DynamoDbClientCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoDbRetryAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  AwsAutoConfiguration.class,
                  CredentialsProviderAutoConfiguration.class,
                  RegionProviderAutoConfiguration.class,
                  DynamoDbAutoConfiguration.class,
                  DynamoDbRetryAutoConfiguration.class))
          .withPropertyValues(
              "spring.cloud.aws.region.static=ap-northeast-2",
              "spring.cloud.aws.credentials.access-key=test",
              "spring.cloud.aws.credentials.secret-key=test");

  @Test
  void theClientOfSpringCloudAwsIsPinned() {
    runner.run(
        context -> {
          assertThat(strategy(context.getBean(DynamoDbClient.class)))
              .isInstanceOf(DeadlineRetryStrategy.class);
          assertThat(context)
              .hasSingleBean(CompleteBatches.class)
              .hasSingleBean(RetryingTransactions.class);
        });
  }

  @Test
  void theNumbersComeFromTheProperties() {
    runner
        .withPropertyValues(
            "backline.dynamodb.retry.max-attempts=3", "backline.dynamodb.retry.call-timeout=4s")
        .run(
            context -> {
              var client = context.getBean(DynamoDbClient.class);
              assertThat(strategy(client).maxAttempts()).isEqualTo(3);
              assertThat(
                      client.serviceClientConfiguration().overrideConfiguration().apiCallTimeout())
                  .contains(Duration.ofSeconds(4));
            });
  }

  @Test
  void theDefaultsOfThePropertiesAndOfThePlainSettingsAreTheSame() {
    runner.run(
        context ->
            assertThat(context.getBean(DynamoDbRetryProperties.class).settings())
                .isEqualTo(RetrySettings.defaults()));
  }

  @Test
  void pinningCanBeSwitchedOff() {
    runner
        .withPropertyValues("backline.dynamodb.retry.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(DynamoDbClientCustomizer.class));
  }

  @Test
  void numbersThatContradictEachOtherStopTheStart() {
    runner
        .withPropertyValues("backline.dynamodb.retry.attempt-timeout=9s")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(
                        "call-timeout (PT5S) must not be shorter than attempt-timeout (PT9S)"));
  }

  @Test
  void retriesAreCountedByOperationAndReason() {
    runner
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              context.getBean(RetryListener.class).retried("PutItem", "throttling");

              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .get("dynamodb.retries")
                          .tag("operation", "PutItem")
                          .tag("reason", "throttling")
                          .counter()
                          .count())
                  .isEqualTo(1);
            });
  }

  @Test
  void nothingFailsWithoutMetricsAndWithoutSpringCloudAws() {
    runner
        .withClassLoader(
            new FilteredClassLoader(MeterRegistry.class, DynamoDbClientCustomizer.class))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(PinnedRetry.class));
  }

  @Test
  void withoutAClientThereIsNothingToComplete() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(DynamoDbRetryAutoConfiguration.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CompleteBatches.class));
  }

  private static RetryStrategy strategy(DynamoDbClient client) {
    return client
        .serviceClientConfiguration()
        .overrideConfiguration()
        .retryStrategy()
        .orElseThrow();
  }
}
