package dev.backline.eventworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.deployment.DeploymentRules;
import dev.backline.dynamodbretry.DynamoDbRetryProperties;
import dev.backline.eventworker.campaign.Edge;
import dev.backline.eventworker.clicks.ClickCounter;
import dev.backline.eventworker.clicks.ClicksProperties;
import dev.backline.eventworker.inbox.InboxProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers that are written in two places, or mean something together only. */
class NumbersTest {

  private static final Path ROOT = Path.of("..", "..");

  private final JsonNode resources =
      JsonMapper.shared()
          .readTree(ROOT.resolve("infra").resolve("templates").resolve("data.json"))
          .path("Resources");
  private final InboxProperties inbox = defaults("backline.worker.inbox", InboxProperties.class);
  private final ClicksProperties clicks =
      defaults("backline.worker.clicks", ClicksProperties.class);
  private final DynamoDbRetryProperties retry =
      defaults("backline.dynamodb.retry", DynamoDbRetryProperties.class);

  /** Of the whole repository: the handlers' times, which no file holds, are known here. */
  @Test
  void theNumbersOfTheDeploymentAgree() {
    Duration transaction = retry.operationTimeout();

    assertThat(
            DeploymentRules.of(ROOT)
                .handlerTakes("clicks", ClickCounter.LAST_BEGIN.plus(transaction))
                .handlerTakes("campaign-changes", transaction.plus(Edge.LONGEST_CALL))
                .violations())
        .isEmpty();
  }

  @Test
  void theWorkerPutsAsideWithAReasonWhatTheQueueWouldPutAsideWithout() {
    for (String queue : new String[] {"Clicks", "CampaignChanges"}) {
      assertThat(queue(queue).path("RedrivePolicy").path("maxReceiveCount").asInt())
          .isEqualTo(inbox.maxReceives());
    }
  }

  @Test
  void markersOutliveEveryMessage() {
    Duration life =
        Duration.ofSeconds(
            queue("Clicks").path("MessageRetentionPeriod").asLong()
                + queue("ClicksDlq").path("MessageRetentionPeriod").asLong());

    assertThat(clicks.maxAge()).isGreaterThan(life);
    assertThat(clicks.markerRetention()).isGreaterThan(clicks.maxAge().plus(clicks.maxAhead()));
    assertThat(clicks.isMarkerKeptLongerThanAnyAcceptedClick()).isTrue();
  }

  private JsonNode queue(String logicalId) {
    return resources.path(logicalId).path("Properties");
  }

  private static <T> T defaults(String prefix, Class<T> type) {
    return new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate(prefix, type);
  }
}
