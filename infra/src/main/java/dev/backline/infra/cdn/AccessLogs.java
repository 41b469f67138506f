package dev.backline.infra.cdn;

import dev.backline.infra.EnvConfig;
import java.util.List;
import software.amazon.awscdk.services.cloudfront.IDistribution;
import software.amazon.awscdk.services.logs.CfnDelivery;
import software.amazon.awscdk.services.logs.CfnDeliveryDestination;
import software.amazon.awscdk.services.logs.CfnDeliverySource;
import software.constructs.Construct;

/**
 * Brings the access logs of distributions into the environment's bucket: CloudFront's standard
 * logging v2, which needs no access control list, and lets one choose the fields.
 */
final class AccessLogs extends Construct {

  static final String FOLDER = "cloudfront";

  /**
   * Without the viewer's address, cookies and query: a log says what was asked for, not by whom. Of
   * whom the firewall blocks, its own log says more.
   */
  private static final List<String> FIELDS =
      List.of(
          "date",
          "time",
          "x-edge-location",
          "sc-bytes",
          "cs-method",
          "x-host-header",
          "cs-uri-stem",
          "sc-status",
          "cs(Referer)",
          "cs(User-Agent)",
          "x-edge-result-type",
          "x-edge-request-id",
          "cs-protocol",
          "cs-bytes",
          "time-taken",
          "ssl-protocol",
          "x-edge-response-result-type",
          "cs-protocol-version",
          "time-to-first-byte",
          "x-edge-detailed-result-type",
          "sc-content-type",
          "sc-content-len",
          "c-country");

  private final EnvConfig env;
  private final CfnDeliveryDestination bucket;

  AccessLogs(Construct scope, String id, EnvConfig env) {
    this.env = env;
    super(scope, id);
    bucket =
        CfnDeliveryDestination.Builder.create(this, "Bucket")
            .name(env.prefix() + "cloudfront")
            .destinationResourceArn(
                "arn:aws:s3:::%s/%s".formatted(env.bucketName("access-logs"), FOLDER))
            .outputFormat("json")
            .build();
  }

  void deliver(String name, IDistribution distribution) {
    var source =
        CfnDeliverySource.Builder.create(this, name)
            .name(env.prefix() + name)
            .logType("ACCESS_LOGS")
            .resourceArn(distribution.getDistributionArn())
            .build();
    var delivery =
        CfnDelivery.Builder.create(this, name + "-delivery")
            .deliverySourceName(source.getName())
            .deliveryDestinationArn(bucket.getAttrArn())
            .recordFields(FIELDS)
            .s3SuffixPath("{DistributionId}/{yyyy}/{MM}/{dd}/{HH}")
            .build();
    delivery.getNode().addDependency(source);
  }
}
