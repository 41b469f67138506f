package dev.backline.infra.data;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.ITableV2;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sqs.IQueue;

/** {@code <env>-data}: tables, queues, topic and buckets. */
public final class DataStack extends BacklineStack {

  private final DataResources data;
  private final Bucket accessLogs;

  public DataStack(App app, EnvConfig env) {
    super(app, env, "data");
    accessLogs =
        Bucket.Builder.create(this, "AccessLogs")
            .bucketName(env.bucketName("access-logs"))
            .encryption(BucketEncryption.S3_MANAGED)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .id("old-logs")
                        .expiration(Duration.days(env.protect() ? 90 : 14))
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
            .removalPolicy(env.protect() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    data =
        new DataResources(
            this,
            new DataResources.Naming() {
              @Override
              public String prefix() {
                return env.prefix();
              }

              @Override
              public String bucket(String name) {
                return env.bucketName(name);
              }
            },
            env.replicas().stream().filter(region -> !region.equals(env.region())).toList(),
            env.protect(),
            accessLogs);
  }

  public ITableV2 linksTable() {
    return data.links;
  }

  public ITableV2 linkStatsTable() {
    return data.linkStats;
  }

  public ITableV2 campaignPreviewsTable() {
    return data.campaignPreviews;
  }

  public IQueue clicks() {
    return data.clicks;
  }

  public IQueue clicksDlq() {
    return data.clicksDlq;
  }

  public IQueue campaignChanges() {
    return data.campaignChanges;
  }

  public IQueue campaignChangesDlq() {
    return data.campaignChangesDlq;
  }

  public ITopic campaignEvents() {
    return data.campaignEvents;
  }

  /** The files of the site. */
  public IBucket site() {
    return data.site;
  }

  /** Images as they were uploaded, and the thumbnails made of them. */
  public IBucket images() {
    return data.images;
  }

  /** Who asked CloudFront, the load balancer and the buckets for what. */
  public IBucket accessLogs() {
    return accessLogs;
  }
}
