package dev.backline.servicedefaults.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

class HealthDefaultsAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HealthDefaultsAutoConfiguration.class,
                  DataRedisReactiveHealthContributorAutoConfiguration.class,
                  DataRedisHealthContributorAutoConfiguration.class));

  private final ApplicationContextRunner withClients =
      runner
          .withBean(
              DynamoDbClient.class,
              () -> DynamoDbClient.builder().region(Region.AP_NORTHEAST_2).build())
          .withBean(
              SqsAsyncClient.class,
              () -> SqsAsyncClient.builder().region(Region.AP_NORTHEAST_2).build());

  @Test
  void withoutClientsNothingIsChecked() {
    runner.run(
        context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
  }

  @Test
  void onlyNamedTablesAndQueuesAreChecked() {
    withClients.run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
    withClients
        .withPropertyValues(
            "backline.health.dynamodb-tables[0]=links", "backline.health.sqs-queues=clicks")
        .run(
            context ->
                assertThat(context.getBeanNamesForType(HealthContributor.class))
                    .containsExactlyInAnyOrder("dynamoDbHealthIndicator", "sqsHealthIndicator"));
  }

  @Test
  void theCheckOfRedisReplacesTheOneOfSpringBoot() {
    runner
        .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
        .run(
            context ->
                assertThat(context)
                    .getBean(HealthContributor.class)
                    .isInstanceOf(DependencyHealth.class));
  }

  @Test
  void aCheckCanBeSwitchedOff() {
    runner
        .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
        .withPropertyValues("management.health.redis.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
  }

  @Test
  void anOptionalPartThatDoesNotExistStopsTheStart() {
    runner
        .withPropertyValues("backline.health.optional=rediss")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(
                        "optional may name [db, dynamoDb, redis, sqs], not \"rediss\""));
  }

  @Test
  void aServiceWithoutTheseClientsOnItsClassPathStarts() {
    runner
        .withClassLoader(new FilteredClassLoader(SqsAsyncClient.class, JdbcTemplate.class))
        .run(context -> assertThat(context).hasNotFailed());
  }
}
