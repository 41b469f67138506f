package dev.backline.infra.data;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexPropsV2;
import software.amazon.awscdk.services.dynamodb.ITableV2;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ReplicaTableProps;
import software.amazon.awscdk.services.dynamodb.TableEncryptionV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.SqsSubscription;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.IQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.IConstruct;

/** {@code <env>-data}: tables, queues, topic and buckets. */
public final class DataStack extends BacklineStack {

  private final EnvConfig env;
  private final TableV2 links;
  private final TableV2 linkStats;
  private final TableV2 campaignPreviews;
  private final Queue clicks;
  private final Queue clicksDlq;
  private final Queue campaignChanges;
  private final Queue campaignChangesDlq;
  private final Topic campaignEvents;
  private final Bucket site;
  private final Bucket images;
  private final Bucket accessLogs;

  public DataStack(App app, EnvConfig env) {
    this.env = env;
    super(app, env, "data");
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
    clicksDlq = queue("ClicksDlq", "clicks-dlq").retentionPeriod(Duration.days(14)).build();
    clicks = consumed("Clicks", "clicks", clicksDlq);
    campaignChangesDlq =
        queue("CampaignChangesDlq", "campaign-changes-dlq")
            .retentionPeriod(Duration.days(14))
            .build();
    campaignChanges = consumed("CampaignChanges", "campaign-changes", campaignChangesDlq);
    campaignEvents =
        Topic.Builder.create(this, "CampaignEvents")
            .topicName(env.prefix() + "campaign-events")
            .enforceSsl(true)
            .build();
    campaignEvents.addSubscription(
        SqsSubscription.Builder.create(campaignChanges).rawMessageDelivery(true).build());
    accessLogs =
        bucket("AccessLogs", "access-logs").objectOwnership(ObjectOwnership.OBJECT_WRITER).build();
    site = bucket("Site", "site").serverAccessLogsBucket(accessLogs).build();
    images = bucket("Images", "images").serverAccessLogsBucket(accessLogs).build();
    List.of(links, linkStats, campaignPreviews, clicks, campaignEvents, site)
        .forEach(DataStack::keepLogicalId);
  }

  public ITableV2 linksTable() {
    return links;
  }

  public ITableV2 linkStatsTable() {
    return linkStats;
  }

  public ITableV2 campaignPreviewsTable() {
    return campaignPreviews;
  }

  public IQueue clicks() {
    return clicks;
  }

  public IQueue clicksDlq() {
    return clicksDlq;
  }

  public IQueue campaignChanges() {
    return campaignChanges;
  }

  public IQueue campaignChangesDlq() {
    return campaignChangesDlq;
  }

  public ITopic campaignEvents() {
    return campaignEvents;
  }

  /** The files of the site. */
  public IBucket site() {
    return site;
  }

  /** Images as they were uploaded, and the thumbnails made of them. */
  public IBucket images() {
    return images;
  }

  /** Who asked CloudFront, the load balancer and the buckets for what. */
  public IBucket accessLogs() {
    return accessLogs;
  }

  private TableV2.Builder table(String id, String name, String key, String expiry) {
    return TableV2.Builder.create(this, id)
        .tableName(env.prefix() + name)
        .partitionKey(text(key))
        .billing(Billing.onDemand())
        .timeToLiveAttribute(expiry)
        .encryption(TableEncryptionV2.awsManagedKey())
        .pointInTimeRecoverySpecification(
            PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
        .replicas(List.of(ReplicaTableProps.builder().region(EnvConfig.EDGE_REGION).build()))
        .deletionProtection(env.protect())
        .removalPolicy(removal());
  }

  private static Attribute text(String name) {
    return Attribute.builder().name(name).type(AttributeType.STRING).build();
  }

  private Queue.Builder queue(String id, String name) {
    return Queue.Builder.create(this, id)
        .queueName(env.prefix() + name)
        .encryption(QueueEncryption.SQS_MANAGED)
        .enforceSsl(true);
  }

  private Queue consumed(String id, String name, Queue deadLetters) {
    return queue(id, name)
        .retentionPeriod(Duration.days(4))
        .visibilityTimeout(Duration.seconds(60))
        .receiveMessageWaitTime(Duration.seconds(20))
        .deadLetterQueue(DeadLetterQueue.builder().queue(deadLetters).maxReceiveCount(5).build())
        .build();
  }

  private Bucket.Builder bucket(String id, String name) {
    return Bucket.Builder.create(this, id)
        .bucketName(env.bucketName(name))
        .encryption(BucketEncryption.S3_MANAGED)
        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
        .enforceSsl(true)
        .versioned(true)
        .removalPolicy(removal());
  }

  private RemovalPolicy removal() {
    return env.protect() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  }

  private static void keepLogicalId(IConstruct construct) {
    ((CfnResource) construct.getNode().getDefaultChild())
        .overrideLogicalId(construct.getNode().getId());
  }
}
