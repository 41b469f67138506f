package dev.backline.infra.data;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexPropsV2;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ReplicaTableProps;
import software.amazon.awscdk.services.dynamodb.TableEncryptionV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.sns.CfnSubscription;
import software.amazon.awscdk.services.sns.CfnTopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.SqsSubscription;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * Tables, queues, topic and buckets, as environments and local clouds have them. Logical ids are
 * fixed: moving a construct must not make CloudFormation replace what holds data.
 */
final class DataResources {

  private final Construct scope;
  private final Naming naming;
  private final List<String> replicas;
  private final boolean protect;
  private final @Nullable Bucket accessLogs;

  final TableV2 links;
  final TableV2 linkStats;
  final TableV2 campaignPreviews;
  final Queue clicksDlq;
  final Queue clicks;
  final Queue campaignChangesDlq;
  final Queue campaignChanges;
  final Topic campaignEvents;
  final Bucket site;
  final Bucket images;

  /** How names of the template become names in an account. */
  interface Naming {

    String prefix();

    String bucket(String name);
  }

  /**
   * @param replicas regions of each table beside that of the stack
   * @param protect whether data outlives the stack
   * @param accessLogs where the buckets log who asked for what; null where nobody reads it
   */
  DataResources(
      Construct scope,
      Naming naming,
      List<String> replicas,
      boolean protect,
      @Nullable Bucket accessLogs) {
    this.scope = scope;
    this.naming = naming;
    this.replicas = replicas;
    this.protect = protect;
    this.accessLogs = accessLogs;

    links =
        table("Links", "links", "code", "purgeAt")
            .globalSecondaryIndexes(
                List.of(
                    GlobalSecondaryIndexPropsV2.builder()
                        .indexName("by-owner")
                        .partitionKey(text("owner"))
                        .sortKey(text("createdAt"))
                        .build()))
            .build();
    linkStats =
        table("LinkStats", "link-stats", "code", "expireAt").sortKey(text("bucket")).build();
    campaignPreviews = table("CampaignPreviews", "campaign-previews", "slug", "purgeAt").build();

    clicksDlq = deadLetters("ClicksDlq", "clicks-dlq");
    clicks = consumed("Clicks", "clicks", clicksDlq);
    campaignChangesDlq = deadLetters("CampaignChangesDlq", "campaign-changes-dlq");
    campaignChanges = consumed("CampaignChanges", "campaign-changes", campaignChangesDlq);
    campaignEvents = topic();
    campaignEvents.addSubscription(
        SqsSubscription.Builder.create(campaignChanges)
            .rawMessageDelivery(true)
            .deadLetterQueue(campaignChangesDlq)
            .build());

    site = bucket("Site", "site", List.of(oldVersions()));
    images = bucket("Images", "images", List.of(oldVersions(), thumbnails()));

    scope.getNode().findAll().forEach(this::fixLogicalId);
  }

  private TableV2.Builder table(String id, String name, String key, String expiry) {
    return TableV2.Builder.create(scope, id)
        .tableName(naming.prefix() + name)
        .partitionKey(text(key))
        .billing(Billing.onDemand())
        .timeToLiveAttribute(expiry)
        .encryption(TableEncryptionV2.awsManagedKey())
        .pointInTimeRecoverySpecification(
            PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
        .replicas(
            replicas.stream()
                .map(region -> ReplicaTableProps.builder().region(region).build())
                .toList())
        .deletionProtection(protect)
        .removalPolicy(removal());
  }

  private static Attribute text(String name) {
    return Attribute.builder().name(name).type(AttributeType.STRING).build();
  }

  private Queue.Builder queue(String id, String name) {
    return Queue.Builder.create(scope, id)
        .queueName(naming.prefix() + name)
        .encryption(QueueEncryption.SQS_MANAGED)
        .enforceSsl(true);
  }

  /** As long as SQS can: somebody has to come and look. */
  private Queue deadLetters(String id, String name) {
    return queue(id, name).retentionPeriod(Duration.days(14)).build();
  }

  /**
   * The worker begins nothing later than 30 s after it got a message, and has 25 s then; an outage
   * over a long weekend loses nothing.
   */
  private Queue consumed(String id, String name, Queue deadLetters) {
    return queue(id, name)
        .visibilityTimeout(Duration.seconds(60))
        .retentionPeriod(Duration.days(4))
        .receiveMessageWaitTime(Duration.seconds(20))
        .deadLetterQueue(DeadLetterQueue.builder().queue(deadLetters).maxReceiveCount(5).build())
        .build();
  }

  private Topic topic() {
    var topic =
        Topic.Builder.create(scope, "CampaignEvents")
            .topicName(naming.prefix() + "campaign-events")
            .enforceSsl(true)
            .build();
    // Its key, unlike one of our own, may be used by whoever may publish.
    ((CfnTopic) Objects.requireNonNull(topic.getNode().getDefaultChild()))
        .setKmsMasterKeyId("alias/aws/sns");
    return topic;
  }

  private Bucket bucket(String id, String name, List<LifecycleRule> lifecycle) {
    var bucket =
        Bucket.Builder.create(scope, id)
            .bucketName(naming.bucket(name))
            .encryption(BucketEncryption.S3_MANAGED)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .versioned(true)
            .lifecycleRules(lifecycle)
            .removalPolicy(removal());
    if (accessLogs != null) {
      bucket.serverAccessLogsBucket(accessLogs).serverAccessLogsPrefix("s3/" + name + "/");
    }
    return bucket.build();
  }

  private static LifecycleRule oldVersions() {
    return LifecycleRule.builder()
        .id("old-versions")
        .noncurrentVersionExpiration(Duration.days(30))
        .abortIncompleteMultipartUploadAfter(Duration.days(1))
        .expiredObjectDeleteMarker(true)
        .build();
  }

  /** They are made again when somebody asks. */
  private static LifecycleRule thumbnails() {
    return LifecycleRule.builder()
        .id("thumbnails")
        .prefix("thumbnails/")
        .expiration(Duration.days(90))
        .noncurrentVersionExpiration(Duration.days(1))
        .build();
  }

  private RemovalPolicy removal() {
    return protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  }

  /** The ids of the constructs, without the hash that the CDK puts behind them. */
  private void fixLogicalId(IConstruct construct) {
    if (construct instanceof CfnSubscription subscription) {
      subscription.overrideLogicalId("CampaignChangesSubscription");
    } else if (construct instanceof CfnResource resource) {
      var path = resource.getNode().getPath().substring(scope.getNode().getPath().length());
      resource.overrideLogicalId(path.replace("/Resource", "").replace("/", ""));
    }
  }
}
