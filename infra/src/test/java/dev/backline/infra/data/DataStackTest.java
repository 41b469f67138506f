package dev.backline.infra.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Synthesis;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@ValueSource(strings = {"beta", "prod"})
class DataStackTest {

  private final EnvConfig env;
  private final String stack;

  DataStackTest(String env) {
    this.env = EnvConfig.named(env);
    this.stack = env + "-data";
  }

  @Test
  void tablesAreGlobalOnDemandAndBackedUpInEachRegion() {
    assertThat(all("AWS::DynamoDB::GlobalTable"))
        .extracting(table -> table.path("TableName").asString())
        .containsExactly(
            env.prefix() + "links",
            env.prefix() + "link-stats",
            env.prefix() + "campaign-previews");
    assertThat(all("AWS::DynamoDB::GlobalTable"))
        .allSatisfy(
            table -> {
              assertThat(table.path("BillingMode").asString()).isEqualTo("PAY_PER_REQUEST");
              assertThat(table.path("TimeToLiveSpecification").path("Enabled").asBoolean())
                  .isTrue();
              assertThat(table.path("SSESpecification").path("SSEEnabled").asBoolean()).isTrue();
              assertThat(table.path("Replicas"))
                  .extracting(replica -> replica.path("Region").asString())
                  .containsExactlyInAnyOrderElementsOf(env.replicas());
              assertThat(table.path("Replicas"))
                  .allSatisfy(
                      replica -> {
                        assertThat(
                                replica
                                    .path("PointInTimeRecoverySpecification")
                                    .path("PointInTimeRecoveryEnabled")
                                    .asBoolean())
                            .isTrue();
                        assertThat(replica.path("DeletionProtectionEnabled").asBoolean(false))
                            .isEqualTo(env.protect());
                      });
            });
  }

  @Test
  void eachQueueThatIsConsumedHasADeadLetterQueue() {
    var queues = Synthesis.get().resources(stack, "AWS::SQS::Queue");

    assertThat(queues)
        .containsOnlyKeys("Clicks", "ClicksDlq", "CampaignChanges", "CampaignChangesDlq");
    queues.forEach(
        (id, queue) -> {
          var properties = queue.path("Properties");
          var deadLetters =
              properties.path("RedrivePolicy").path("deadLetterTargetArn").path("Fn::GetAtt");
          if (id.endsWith("Dlq")) {
            assertThat(properties.path("MessageRetentionPeriod").asInt()).isEqualTo(14 * 86_400);
          } else {
            assertThat(deadLetters.path(0).asString("")).as(id).isEqualTo(id + "Dlq");
            assertThat(properties.path("RedrivePolicy").path("maxReceiveCount").asInt())
                .isEqualTo(5);
          }
        });
  }

  @Test
  void whatTheTopicCannotDeliverIsPutAside() {
    assertThat(all("AWS::SNS::Subscription"))
        .singleElement()
        .satisfies(
            subscription -> {
              assertThat(subscription.path("RawMessageDelivery").asBoolean()).isTrue();
              assertThat(subscription.path("RedrivePolicy").toString())
                  .contains("CampaignChangesDlq");
            });
  }

  @Test
  void nothingIsReachedWithoutTls() {
    for (var type :
        List.of("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy")) {
      assertThat(all(type))
          .isNotEmpty()
          .allSatisfy(
              policy ->
                  assertThat(policy.path("PolicyDocument").path("Statement"))
                      .anySatisfy(
                          statement -> {
                            assertThat(statement.path("Effect").asString()).isEqualTo("Deny");
                            assertThat(statement.path("Condition").toString())
                                .isEqualTo("{\"Bool\":{\"aws:SecureTransport\":\"false\"}}");
                          }));
    }
    assertThat(all("AWS::SQS::QueuePolicy")).hasSameSizeAs(all("AWS::SQS::Queue"));
    assertThat(all("AWS::S3::BucketPolicy")).hasSameSizeAs(all("AWS::S3::Bucket"));
  }

  @Test
  void noBucketIsPublic() {
    assertThat(all("AWS::S3::Bucket"))
        .hasSize(3)
        .allSatisfy(
            bucket -> {
              var block = bucket.path("PublicAccessBlockConfiguration");
              for (var what :
                  List.of(
                      "BlockPublicAcls",
                      "BlockPublicPolicy",
                      "IgnorePublicAcls",
                      "RestrictPublicBuckets")) {
                assertThat(block.path(what).asBoolean(false)).as(what).isTrue();
              }
              assertThat(bucket.path("BucketEncryption").isMissingNode()).isFalse();
            });
  }

  @Test
  void siteAndImagesKeepOldVersionsForAMonthAndTellWhoAsked() {
    for (var id : List.of("Site", "Images")) {
      var bucket = Synthesis.get().json(stack).path("Resources").path(id).path("Properties");
      assertThat(bucket.path("VersioningConfiguration").path("Status").asString())
          .isEqualTo("Enabled");
      assertThat(bucket.path("LifecycleConfiguration").path("Rules"))
          .anySatisfy(
              rule ->
                  assertThat(
                          rule.path("NoncurrentVersionExpiration").path("NoncurrentDays").asInt())
                      .isEqualTo(30));
      assertThat(bucket.path("LoggingConfiguration").toString()).contains("AccessLogs");
    }
  }

  @Test
  void dataOfProdOutlivesItsStack() {
    var policies = Map.of(true, "Retain", false, "Delete").get(env.protect());
    for (var type : List.of("AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket")) {
      assertThat(Synthesis.get().resources(stack, type).values())
          .allSatisfy(
              resource ->
                  assertThat(resource.path("DeletionPolicy").asString()).isEqualTo(policies));
    }
  }

  /** What is replaced is lost: a logical id that changes would replace it. */
  @Test
  void whatHoldsDataKeepsItsLogicalId() {
    assertThat(Synthesis.get().resources(stack, "AWS::DynamoDB::GlobalTable"))
        .containsOnlyKeys("Links", "LinkStats", "CampaignPreviews");
    assertThat(Synthesis.get().resources(stack, "AWS::S3::Bucket"))
        .containsOnlyKeys("Site", "Images", "AccessLogs");
  }

  private List<JsonNode> all(String type) {
    return Synthesis.get().resources(stack, type).values().stream()
        .map(resource -> resource.path("Properties"))
        .toList();
  }
}
