package dev.backline.eventworker.clicks.dynamodb;

import dev.backline.dynamodbretry.RetryingTransactions;
import dev.backline.eventworker.WorkerResources;
import dev.backline.eventworker.clicks.ClicksProperties;
import dev.backline.eventworker.clicks.LinkStats;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LinkStatsConfiguration {

  @Bean
  LinkStats dynamoDbLinkStats(
      RetryingTransactions transactions,
      WorkerResources resources,
      ClicksProperties clicks,
      Clock clock) {
    return new DynamoDbLinkStats(
        transactions, resources.linkStatsTable(), clicks.markerRetention(), clock);
  }
}
