package dev.backline.infra.edge;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.InvalidConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * What each Lambda@Edge function is told and allowed. Settings are explained in its README; what it
 * may do is what that README says that it needs, and no more.
 */
final class EdgeFunctions {

  /**
   * @param config its config.json
   */
  record Deployed(Map<String, Object> config, List<PolicyStatement> may) {}

  private final EnvConfig env;

  EdgeFunctions(EnvConfig env) {
    this.env = env;
  }

  /**
   * @throws InvalidConfigurationException for a function that nobody has thought about here
   */
  Deployed of(String function) {
    return switch (function) {
      case "og-tags" -> ogTags();
      case "short-url" -> shortUrl();
      case "thumbnail" -> thumbnail();
      default ->
          throw new InvalidConfigurationException(
              "distributions.json names the function \"%s\", and nothing says what it is told and allowed: add it to %s"
                  .formatted(function, EdgeFunctions.class.getSimpleName()));
    };
  }

  private Deployed ogTags() {
    var config = new LinkedHashMap<String, Object>();
    config.put("siteUrl", "https://" + env.domain().web());
    config.put("siteName", "Backline");
    config.put("table", table("campaign-previews"));
    config.put("replicas", env.replicas());
    return new Deployed(config, List.of(readItems("campaign-previews")));
  }

  private Deployed shortUrl() {
    var config = new LinkedHashMap<String, Object>();
    config.put("shortUrl", "https://" + env.domain().shortLinks());
    config.put("table", table("links"));
    config.put("replicas", env.replicas());
    config.put(
        "clicksQueueUrl",
        "https://sqs.%s.amazonaws.com/%s/%sclicks"
            .formatted(env.region(), env.account(), env.prefix()));
    config.put("clicksRegion", env.region());
    var sendClicks =
        may(
            List.of("sqs:SendMessage"),
            List.of(
                "arn:aws:sqs:%s:%s:%sclicks".formatted(env.region(), env.account(), env.prefix())));
    return new Deployed(config, List.of(readItems("links"), sendClicks));
  }

  private Deployed thumbnail() {
    String bucket = env.bucketName("images");
    var config = new LinkedHashMap<String, Object>();
    config.put("bucket", bucket);
    config.put("region", env.region());
    String arn = "arn:aws:s3:::" + bucket;
    return new Deployed(
        config,
        List.of(
            may(List.of("s3:GetObject"), List.of(arn + "/originals/*", arn + "/thumbnails/*")),
            may(List.of("s3:PutObject"), List.of(arn + "/thumbnails/*")),
            // Without it S3 answers 403 for what is not there.
            may(List.of("s3:ListBucket"), List.of(arn))));
  }

  private String table(String name) {
    return env.prefix() + name;
  }

  /** In each region that has a replica: the function asks the nearest. */
  private PolicyStatement readItems(String table) {
    return may(
        List.of("dynamodb:GetItem"),
        env.replicas().stream()
            .map(
                region ->
                    "arn:aws:dynamodb:%s:%s:table/%s"
                        .formatted(region, env.account(), table(table)))
            .toList());
  }

  static PolicyStatement may(List<String> actions, List<String> resources) {
    return PolicyStatement.Builder.create().actions(actions).resources(resources).build();
  }
}
