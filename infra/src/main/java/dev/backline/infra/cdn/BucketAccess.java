package dev.backline.infra.cdn;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.data.DataStack;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;

/**
 * What CloudFront may do with the buckets. They are deployed before the distributions, whose ids
 * their policies can therefore not name: any distribution of this account is let in, and none of
 * another.
 */
final class BucketAccess {

  private BucketAccess() {}

  static void grant(EnvConfig env, DataStack data) {
    String site = data.site().getBucketArn();
    // Who may not list gets 403 where 404 is meant. Nobody lists: / is answered with index.html.
    data.site().addToResourcePolicy(cloudFront(env, "s3:GetObject", site + "/*"));
    data.site().addToResourcePolicy(cloudFront(env, "s3:ListBucket", site));
    String images = data.images().getBucketArn();
    data.images()
        .addToResourcePolicy(
            cloudFront(env, "s3:GetObject", images + "/originals/*", images + "/thumbnails/*"));
    data.accessLogs().addToResourcePolicy(logDelivery(env, data.accessLogs().getBucketArn()));
  }

  private static PolicyStatement cloudFront(EnvConfig env, String action, String... resources) {
    return PolicyStatement.Builder.create()
        .principals(List.of(new ServicePrincipal("cloudfront.amazonaws.com")))
        .actions(List.of(action))
        .resources(List.of(resources))
        .conditions(
            Map.of(
                "ArnLike",
                Map.of(
                    "aws:SourceArn",
                    "arn:aws:cloudfront::%s:distribution/*".formatted(env.account()))))
        .build();
  }

  private static PolicyStatement logDelivery(EnvConfig env, String bucket) {
    var conditions = new LinkedHashMap<String, Object>();
    conditions.put("StringEquals", conditionOfOwner(env));
    conditions.put(
        "ArnLike",
        Map.of(
            "aws:SourceArn",
            "arn:aws:logs:%s:%s:delivery-source:*"
                .formatted(EnvConfig.EDGE_REGION, env.account())));
    return PolicyStatement.Builder.create()
        .principals(List.of(new ServicePrincipal("delivery.logs.amazonaws.com")))
        .actions(List.of("s3:PutObject"))
        .resources(List.of("%s/%s/*".formatted(bucket, AccessLogs.FOLDER)))
        .conditions(conditions)
        .build();
  }

  private static Map<String, String> conditionOfOwner(EnvConfig env) {
    var condition = new LinkedHashMap<String, String>();
    condition.put("s3:x-amz-acl", "bucket-owner-full-control");
    condition.put("aws:SourceAccount", env.account());
    return condition;
  }
}
