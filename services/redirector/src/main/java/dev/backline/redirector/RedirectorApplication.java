package dev.backline.redirector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.autoconfigure.metrics.DataRepositoryMetricsAutoConfiguration;
import org.springframework.boot.data.autoconfigure.web.DataWebAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;

/**
 * Starts the redirector, without what Spring Boot would configure although nothing uses it: ECS
 * starts redirectors when clicks come, and each bean takes its part of the time until the first is
 * answered.
 */
@SpringBootApplication(
    exclude = {
      AopAutoConfiguration.class,
      DataRedisHealthContributorAutoConfiguration.class,
      DataRedisReactiveAutoConfiguration.class,
      DataRedisReactiveHealthContributorAutoConfiguration.class,
      DataRepositoryMetricsAutoConfiguration.class,
      DataWebAutoConfiguration.class,
      DiskSpaceHealthContributorAutoConfiguration.class,
      PersistenceExceptionTranslationAutoConfiguration.class,
      ScheduledTasksObservationAutoConfiguration.class,
      SslHealthContributorAutoConfiguration.class,
      SslMetricsAutoConfiguration.class,
      TaskExecutionAutoConfiguration.class,
      TaskExecutorMetricsAutoConfiguration.class,
      TaskSchedulingAutoConfiguration.class,
      TransactionAutoConfiguration.class,
      TransactionManagerCustomizationAutoConfiguration.class
    },
    excludeName =
        "org.springframework.boot.actuate.autoconfigure.endpoint.jackson.Jackson2EndpointAutoConfiguration")
@ConfigurationPropertiesScan
public class RedirectorApplication {

  public static void main(String[] args) {
    SpringApplication.run(RedirectorApplication.class, args);
  }
}
