package dev.backline.servicedefaults.health;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Health of DynamoDB, SQS, Redis and the database by real calls. Those for Redis and the database
 * replace Spring Boot's, which wait as long as a client or a pool does, up to 30 s.
 */
@AutoConfiguration(
    afterName = {
      "io.awspring.cloud.autoconfigure.dynamodb.DynamoDbAutoConfiguration",
      "io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    },
    beforeName = {
      "org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration"
    })
@EnableConfigurationProperties(HealthProperties.class)
public class HealthDefaultsAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DynamoDbClient.class)
  @ConditionalOnBean(DynamoDbClient.class)
  @ConditionalOnEnabledHealthIndicator("dynamoDb")
  static class DynamoDb {

    private static final Set<TableStatus> USABLE = Set.of(TableStatus.ACTIVE, TableStatus.UPDATING);

    @Bean
    @Conditional(TablesAreNamed.class)
    @ConditionalOnMissingBean(name = "dynamoDbHealthIndicator")
    HealthIndicator dynamoDbHealthIndicator(DynamoDbClient client, HealthProperties properties) {
      return properties.dependency(
          "dynamoDb",
          () -> {
            for (String table : properties.dynamodbTables()) {
              TableStatus status = status(client, table, properties.timeout());
              if (!USABLE.contains(status)) {
                throw new IllegalStateException("table " + table + " is " + status);
              }
            }
            return Map.of("tables", properties.dynamodbTables());
          });
    }

    private static TableStatus status(DynamoDbClient client, String table, Duration timeout) {
      return client
          .describeTable(
              request ->
                  request
                      .tableName(table)
                      .overrideConfiguration(
                          config -> config.apiCallTimeout(timeout).apiCallAttemptTimeout(timeout)))
          .table()
          .tableStatus();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(SqsAsyncClient.class)
  @ConditionalOnBean(SqsAsyncClient.class)
  @ConditionalOnEnabledHealthIndicator("sqs")
  static class Sqs {

    @Bean
    @Conditional(QueuesAreNamed.class)
    @ConditionalOnMissingBean(name = "sqsHealthIndicator")
    HealthIndicator sqsHealthIndicator(SqsAsyncClient client, HealthProperties properties) {
      return properties.dependency(
          "sqs",
          () -> {
            for (String queue : properties.sqsQueues()) {
              client
                  .getQueueUrl(
                      request ->
                          request
                              .queueName(queue)
                              .overrideConfiguration(
                                  config -> config.apiCallTimeout(properties.timeout())))
                  .get();
            }
            return Map.of("queues", properties.sqsQueues());
          });
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RedisConnectionFactory.class)
  @ConditionalOnBean(RedisConnectionFactory.class)
  @ConditionalOnEnabledHealthIndicator("redis")
  static class Redis {

    @Bean
    @ConditionalOnMissingBean(name = {"redisHealthIndicator", "redisHealthContributor"})
    HealthIndicator redisHealthIndicator(
        RedisConnectionFactory connections, HealthProperties properties) {
      return properties.dependency("redis", () -> ping(connections));
    }

    private static Map<String, ?> ping(RedisConnectionFactory connections) {
      try (RedisConnection connection = connections.getConnection()) {
        connection.ping();
        return Map.of();
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({DataSource.class, org.springframework.jdbc.core.JdbcTemplate.class})
  @ConditionalOnBean(DataSource.class)
  @ConditionalOnEnabledHealthIndicator("db")
  static class Database {

    @Bean
    @ConditionalOnMissingBean(name = {"dbHealthIndicator", "dbHealthContributor"})
    HealthIndicator dbHealthIndicator(DataSource dataSource, HealthProperties properties) {
      return properties.dependency("db", () -> validate(dataSource, properties.timeout()));
    }

    private static Map<String, ?> validate(DataSource dataSource, Duration timeout)
        throws SQLException {
      try (Connection connection = dataSource.getConnection()) {
        if (!connection.isValid((int) Math.max(1, timeout.toSeconds()))) {
          throw new SQLException("the connection is not valid");
        }
        return Map.of();
      }
    }
  }

  static final class TablesAreNamed extends ListIsNotEmpty {
    TablesAreNamed() {
      super("backline.health.dynamodb-tables");
    }
  }

  static final class QueuesAreNamed extends ListIsNotEmpty {
    QueuesAreNamed() {
      super("backline.health.sqs-queues");
    }
  }

  /** {@code @ConditionalOnProperty} does not see the lists of a YAML file. */
  abstract static class ListIsNotEmpty implements Condition {

    private final String property;

    ListIsNotEmpty(String property) {
      this.property = property;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return Binder.get(context.getEnvironment())
          .bind(property, Bindable.listOf(String.class))
          .map(names -> !names.isEmpty())
          .orElse(false);
    }
  }
}
