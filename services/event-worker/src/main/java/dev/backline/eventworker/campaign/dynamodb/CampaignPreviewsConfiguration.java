package dev.backline.eventworker.campaign.dynamodb;

import dev.backline.dynamodbretry.RetryingTransactions;
import dev.backline.eventworker.WorkerResources;
import dev.backline.eventworker.campaign.CampaignPreviews;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class CampaignPreviewsConfiguration {

  /**
   * Longer than an event can wait: 4 days in the queue and 14 in the dead-letter queue, and some to
   * bring it back.
   */
  private static final Duration DRAFT_MARKER_RETENTION = Duration.ofDays(30);

  @Bean
  CampaignPreviews dynamoDbCampaignPreviews(
      DynamoDbClient dynamoDb,
      RetryingTransactions transactions,
      WorkerResources resources,
      Clock clock) {
    return new DynamoDbCampaignPreviews(
        dynamoDb, transactions, resources.campaignPreviewsTable(), DRAFT_MARKER_RETENTION, clock);
  }
}
