package dev.backline.infra.cdn;

import static java.util.Objects.requireNonNull;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.InvalidConfigurationException;
import dev.backline.infra.data.DataStack;
import dev.backline.infra.edge.Distributions;
import dev.backline.infra.edge.Distributions.Behavior;
import dev.backline.infra.edge.Distributions.CustomErrorResponse;
import dev.backline.infra.edge.Distributions.Origin;
import dev.backline.infra.edge.EdgeStack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudfront.AllowedMethods;
import software.amazon.awscdk.services.cloudfront.BehaviorOptions;
import software.amazon.awscdk.services.cloudfront.CachedMethods;
import software.amazon.awscdk.services.cloudfront.Distribution;
import software.amazon.awscdk.services.cloudfront.EdgeLambda;
import software.amazon.awscdk.services.cloudfront.ErrorResponse;
import software.amazon.awscdk.services.cloudfront.FunctionAssociation;
import software.amazon.awscdk.services.cloudfront.FunctionEventType;
import software.amazon.awscdk.services.cloudfront.HttpVersion;
import software.amazon.awscdk.services.cloudfront.IDistribution;
import software.amazon.awscdk.services.cloudfront.IOrigin;
import software.amazon.awscdk.services.cloudfront.LambdaEdgeEventType;
import software.amazon.awscdk.services.cloudfront.OriginProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.OriginSslPolicy;
import software.amazon.awscdk.services.cloudfront.PriceClass;
import software.amazon.awscdk.services.cloudfront.SecurityPolicyProtocol;
import software.amazon.awscdk.services.cloudfront.ViewerProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.origins.HttpOrigin;
import software.amazon.awscdk.services.cloudfront.origins.S3BucketOrigin;
import software.amazon.awscdk.services.cloudfront.origins.S3BucketOriginWithOACProps;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.AaaaRecord;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.CloudFrontTarget;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketAttributes;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.secretsmanager.ReplicaRegion;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;

/**
 * {@code <env>-cdn}: the distributions of distributions.json. In us-east-1, where alone CloudFront
 * delivers its logs from and has its metrics.
 *
 * <p>It knows the services by one host name only, so it is deployed before them, and they know the
 * distributions that they invalidate.
 */
public final class CdnStack extends BacklineStack {

  /** What CloudFront sends to the load balancer to be let in. */
  public static final String ORIGIN_HEADER = "x-origin-verify";

  private static final int ORIGIN_SECRET_LENGTH = 40;

  private final EnvConfig env;
  private final Distributions distributions;
  private final EdgeStack edge;
  private final Policies policies;
  private final Secret originSecret;
  private final Map<String, Distribution> built = new LinkedHashMap<>();

  public CdnStack(
      App app, EnvConfig env, Distributions distributions, DataStack data, EdgeStack edge) {
    this.env = env;
    this.distributions = distributions;
    this.edge = edge;
    super(app, env, "cdn", EnvConfig.EDGE_REGION);
    // The buckets are known by their names, which nobody waits for.
    getNode().addDependency(data);
    originSecret = originSecret();
    policies = new Policies(this, "Policies", env.prefix(), distributions);
    var hosts = hosts();
    var zone = env.domain().zone(this);
    var logs = new AccessLogs(this, "AccessLogs", env);
    distributions
        .distributions()
        .forEach(
            (name, settings) -> {
              String host = requireNonNull(hosts.get(name));
              var distribution = distribution(name, host, settings);
              built.put(name, distribution);
              logs.deliver(name, distribution);
              names(name, host, zone, distribution);
            });
    BucketAccess.grant(env, data);
    // Its policy is written above, where the bucket is at hand.
    Annotations.of(this)
        .acknowledgeWarning(
            "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac",
            "The policies are in the data stack");
  }

  /** The site, its campaign pages and images, and the API. */
  public IDistribution webDistribution() {
    return requireNonNull(built.get("web"));
  }

  public IDistribution shortLinkDistribution() {
    return requireNonNull(built.get("short-links"));
  }

  /**
   * Name of the secret whose value CloudFront sends as {@link #ORIGIN_HEADER}. It has a replica in
   * the environment's own region.
   */
  public String originSecretName() {
    return env.name() + "/origin-header";
  }

  /** Which host each distribution answers. */
  private Map<String, String> hosts() {
    var hosts = new LinkedHashMap<String, String>();
    hosts.put("web", env.domain().web());
    hosts.put("short-links", env.domain().shortLinks());
    if (!hosts.keySet().equals(distributions.distributions().keySet())) {
      throw new InvalidConfigurationException(
          "distributions.json has the distributions %s, and EnvConfig has hosts for %s"
              .formatted(distributions.distributions().keySet(), hosts.keySet()));
    }
    return hosts;
  }

  private Secret originSecret() {
    return Secret.Builder.create(this, "OriginHeader")
        .secretName(originSecretName())
        .description("CloudFront sends it to the load balancer, which answers nobody else")
        .generateSecretString(
            SecretStringGenerator.builder()
                .passwordLength(ORIGIN_SECRET_LENGTH)
                .excludePunctuation(true)
                .build())
        .replicaRegions(List.of(ReplicaRegion.builder().region(env.region()).build()))
        .build();
  }

  private Distribution distribution(String name, String host, Distributions.Distribution settings) {
    var origins = new LinkedHashMap<String, IOrigin>();
    settings.origins().forEach((id, origin) -> origins.put(id, origin(name, id, origin)));
    var distribution =
        Distribution.Builder.create(this, name)
            .comment(env.name() + ": " + settings.comment())
            .domainNames(List.of(host))
            .certificate(edge.certificate())
            .minimumProtocolVersion(SecurityPolicyProtocol.TLS_V1_2_2021)
            .httpVersion(HttpVersion.HTTP2_AND_3)
            // Most visitors are in Korea and Japan; this leaves out the dearest places only.
            .priceClass(PriceClass.PRICE_CLASS_200)
            .publishAdditionalMetrics(true)
            .defaultRootObject(settings.defaultRootObject())
            .errorResponses(settings.customErrorResponses().stream().map(this::error).toList())
            .defaultBehavior(behavior(settings.defaultBehavior(), origins));
    if (settings.webAcl() != null) {
      distribution.webAclId(edge.webAclArn(settings.webAcl()));
    }
    // The first that matches is taken: the order is that of the file.
    var behaviors = new LinkedHashMap<String, BehaviorOptions>();
    settings.behaviors().forEach(each -> behaviors.put(each.path(), behavior(each, origins)));
    return distribution.additionalBehaviors(behaviors).build();
  }

  private BehaviorOptions behavior(Behavior behavior, Map<String, IOrigin> origins) {
    var built =
        BehaviorOptions.builder()
            .origin(requireNonNull(origins.get(behavior.origin())))
            .viewerProtocolPolicy(ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
            .allowedMethods(allowedMethods(behavior))
            .cachedMethods(CachedMethods.CACHE_GET_HEAD)
            .compress(behavior.compresses())
            .cachePolicy(policies.cache(behavior.cachePolicy()));
    if (behavior.originRequestPolicy() != null) {
      built.originRequestPolicy(policies.originRequest(behavior.originRequestPolicy()));
    }
    if (behavior.responseHeadersPolicy() != null) {
      built.responseHeadersPolicy(policies.responseHeaders(behavior.responseHeadersPolicy()));
    }
    var edgeLambdas = new ArrayList<EdgeLambda>();
    var associations = new ArrayList<FunctionAssociation>();
    behavior
        .functions()
        .forEach(
            (event, name) -> {
              if (edge.isCloudFrontFunction(name)) {
                associations.add(
                    FunctionAssociation.builder()
                        .eventType(FunctionEventType.valueOf(event.name()))
                        .function(edge.cloudFrontFunction(name))
                        .build());
              } else {
                edgeLambdas.add(
                    EdgeLambda.builder()
                        .eventType(LambdaEdgeEventType.valueOf(event.name()))
                        .functionVersion(edge.edgeFunction(name))
                        .build());
              }
            });
    return built.edgeLambdas(edgeLambdas).functionAssociations(associations).build();
  }

  private static AllowedMethods allowedMethods(Behavior behavior) {
    return switch (behavior.allowedMethods().size()) {
      case 0, 2 -> AllowedMethods.ALLOW_GET_HEAD;
      case 3 -> AllowedMethods.ALLOW_GET_HEAD_OPTIONS;
      default -> AllowedMethods.ALLOW_ALL;
    };
  }

  private IOrigin origin(String distribution, String id, Origin origin) {
    return switch (origin.type()) {
      case HTTP -> balancer(origin);
      case S3 -> bucket(distribution + "-" + id, id, origin);
    };
  }

  /** One load balancer for all services: it tells them apart by Host. */
  private IOrigin balancer(Origin origin) {
    var headers = new LinkedHashMap<>(origin.headers());
    headers.put(ORIGIN_HEADER, originSecret.getSecretValue().unsafeUnwrap());
    var built =
        HttpOrigin.Builder.create(env.domain().origin())
            .protocolPolicy(OriginProtocolPolicy.HTTPS_ONLY)
            .originSslProtocols(List.of(OriginSslPolicy.TLS_V1_2))
            .customHeaders(headers)
            .originPath(origin.path())
            .connectionAttempts(origin.connectionAttempts());
    if (origin.connectionTimeout() != null) {
      built.connectionTimeout(Duration.seconds(origin.connectionTimeout()));
    }
    if (origin.responseTimeout() != null) {
      built.readTimeout(Duration.seconds(origin.responseTimeout()));
    }
    if (origin.keepAliveTimeout() != null) {
      built.keepaliveTimeout(Duration.seconds(origin.keepAliveTimeout()));
    }
    return built.build();
  }

  private IOrigin bucket(String id, String name, Origin origin) {
    IBucket bucket =
        Bucket.fromBucketAttributes(
            this,
            id,
            BucketAttributes.builder()
                .bucketName(env.bucketName(name))
                .region(env.region())
                .build());
    var built =
        S3BucketOriginWithOACProps.builder()
            .originPath(origin.path())
            .customHeaders(origin.headers())
            .connectionAttempts(origin.connectionAttempts());
    if (origin.connectionTimeout() != null) {
      built.connectionTimeout(Duration.seconds(origin.connectionTimeout()));
    }
    return S3BucketOrigin.withOriginAccessControl(bucket, built.build());
  }

  private ErrorResponse error(CustomErrorResponse response) {
    var built = ErrorResponse.builder().httpStatus(response.status());
    if (response.minTtl() != null) {
      built.ttl(Duration.seconds(response.minTtl()));
    }
    return built
        .responseHttpStatus(response.responseStatus())
        .responsePagePath(response.responsePage())
        .build();
  }

  private void names(String name, String host, IHostedZone zone, Distribution distribution) {
    var target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
    ARecord.Builder.create(this, name + "-A").zone(zone).recordName(host).target(target).build();
    AaaaRecord.Builder.create(this, name + "-AAAA")
        .zone(zone)
        .recordName(host)
        .target(target)
        .build();
  }
}
