package dev.backline.datastack;

import static java.util.Map.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The resources of a CloudFormation template, as they are written there. */
record Template(Map<String, Resource> resources) {

  record Resource(String logicalId, String type, JsonNode properties) {

    InvalidTemplateException invalid(String problem) {
      return new InvalidTemplateException(logicalId + " (" + type + "): " + problem);
    }
  }

  static final String GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable";
  static final String TABLE = "AWS::DynamoDB::Table";
  static final String QUEUE = "AWS::SQS::Queue";
  static final String QUEUE_POLICY = "AWS::SQS::QueuePolicy";
  static final String TOPIC = "AWS::SNS::Topic";
  static final String TOPIC_POLICY = "AWS::SNS::TopicPolicy";
  static final String SUBSCRIPTION = "AWS::SNS::Subscription";
  static final String BUCKET = "AWS::S3::Bucket";
  static final String BUCKET_POLICY = "AWS::S3::BucketPolicy";

  private static final Set<String> TABLE_PROPERTIES =
      Set.of(
          "TableName",
          "KeySchema",
          "AttributeDefinitions",
          "GlobalSecondaryIndexes",
          "TimeToLiveSpecification");

  /**
   * What each type may say. A property that is neither created nor safely without meaning on a desk
   * is refused.
   */
  private static final Map<String, Set<String>> CREATED =
      Map.ofEntries(
          entry(GLOBAL_TABLE, TABLE_PROPERTIES),
          entry(TABLE, TABLE_PROPERTIES),
          entry(
              QUEUE,
              Set.of(
                  "QueueName",
                  "FifoQueue",
                  "ContentBasedDeduplication",
                  "DelaySeconds",
                  "MaximumMessageSize",
                  "MessageRetentionPeriod",
                  "ReceiveMessageWaitTimeSeconds",
                  "VisibilityTimeout",
                  "RedrivePolicy")),
          entry(QUEUE_POLICY, Set.of("PolicyDocument", "Queues")),
          entry(TOPIC, Set.of("TopicName", "DisplayName")),
          entry(TOPIC_POLICY, Set.of("PolicyDocument", "Topics")),
          entry(
              SUBSCRIPTION,
              Set.of(
                  "TopicArn",
                  "Protocol",
                  "Endpoint",
                  "RawMessageDelivery",
                  "FilterPolicy",
                  "FilterPolicyScope",
                  "RedrivePolicy")),
          entry(BUCKET, Set.of("BucketName")),
          entry(BUCKET_POLICY, Set.of("Bucket", "PolicyDocument")));

  /**
   * Encryption, billing, backups, old versions, replicas, tags and who may do what: they change
   * nothing that code on a desk can see.
   */
  private static final Set<String> WITHOUT_MEANING_ON_A_DESK =
      Set.of(
          "BillingMode",
          "BucketEncryption",
          "ContributorInsightsSpecification",
          "DeletionProtectionEnabled",
          "KmsMasterKeyId",
          "KmsDataKeyReusePeriodSeconds",
          "LifecycleConfiguration",
          "OnDemandThroughput",
          "OwnershipControls",
          "PointInTimeRecoverySpecification",
          "PublicAccessBlockConfiguration",
          "Replicas",
          "SSESpecification",
          "SqsManagedSseEnabled",
          "StreamSpecification",
          "TableClass",
          "Tags",
          "TracingConfig",
          "VersioningConfiguration",
          "WarmThroughput",
          "WriteOnDemandThroughputSettings");

  static Template read(Path file) {
    JsonNode root;
    try (var in = Files.newInputStream(file)) {
      root = JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new InvalidTemplateException(file + " cannot be read: " + e, e);
    } catch (JacksonException e) {
      throw new InvalidTemplateException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    var declared = root.path("Resources");
    if (!declared.isObject()) {
      throw new InvalidTemplateException(
          file + " is not a CloudFormation template: it has no Resources");
    }
    var resources = new LinkedHashMap<String, Resource>();
    for (var entry : declared.properties()) {
      var type = entry.getValue().path("Type").asString("");
      if (!type.equals("AWS::CDK::Metadata")) {
        var resource = new Resource(entry.getKey(), type, entry.getValue().path("Properties"));
        refuseWhatIsUnknown(resource);
        resources.put(entry.getKey(), resource);
      }
    }
    return new Template(resources);
  }

  private static void refuseWhatIsUnknown(Resource resource) {
    var created = CREATED.get(resource.type());
    if (created == null) {
      throw resource.invalid(
          "this type is not supported; supported are "
              + CREATED.keySet().stream().sorted().toList());
    }
    for (var property : resource.properties().propertyNames()) {
      if (!created.contains(property) && !WITHOUT_MEANING_ON_A_DESK.contains(property)) {
        throw resource.invalid("the property " + property + " is not supported");
      }
    }
  }
}
