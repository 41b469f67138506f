package dev.backline.infra.services;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.InvalidConfigurationException;
import dev.backline.infra.cdn.CdnStack;
import dev.backline.infra.data.DataStack;
import dev.backline.infra.database.DatabaseStack;
import dev.backline.infra.delivery.DeliveryStack;
import dev.backline.infra.network.NetworkStack;
import dev.backline.infra.services.Balancer.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.ecs.Secret;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.sqs.IQueue;

/** {@code <env>-services}: cluster, load balancer and the three services. */
public final class ServicesStack extends BacklineStack {

  /** What answers of be-api are part of: its own, and the pages that the site makes of them. */
  private static final List<String> CACHED_PATHS = List.of("/api/*", "/campaigns/*");

  /** Database on Aurora. */
  private static final String DATABASE = "backline";

  private final EnvConfig env;
  private final DeliveryStack delivery;
  private final NetworkStack network;
  private final DataStack data;
  private final DatabaseStack database;
  private final CdnStack cdn;
  private final Balancer balancer;
  private final Platform platform;
  private final SpringService beApi;
  private final SpringService redirector;
  private final SpringService eventWorker;

  public ServicesStack(
      App app,
      EnvConfig env,
      DeliveryStack delivery,
      NetworkStack network,
      DataStack data,
      DatabaseStack database,
      CdnStack cdn) {
    this.env = env;
    this.delivery = delivery;
    this.network = network;
    this.data = data;
    this.database = database;
    this.cdn = cdn;
    super(app, env, "services");
    // The secret of the distributions is known by its name, which nobody waits for.
    getNode().addDependency(cdn);
    balancer = new Balancer(this, env, network, data.accessLogs(), cdn.originSecretName());
    platform =
        new Platform(
            env, network.vpc(), network.serviceSecurityGroup(), cluster(), balancer, version());
    beApi = defineBeApi();
    redirector = defineRedirector();
    eventWorker = defineEventWorker();
  }

  public ApplicationLoadBalancer loadBalancer() {
    return balancer.loadBalancer();
  }

  public ICertificate certificate() {
    return balancer.certificate();
  }

  public SpringService beApi() {
    return beApi;
  }

  public SpringService redirector() {
    return redirector;
  }

  public SpringService eventWorker() {
    return eventWorker;
  }

  public List<SpringService> services() {
    return List.of(beApi, redirector, eventWorker);
  }

  /** Tag of the images. */
  private String version() {
    if (getNode().tryGetContext("version") instanceof String version) {
      return version;
    }
    throw new InvalidConfigurationException(
        "Which version of the services? Hand it over: -c version=1.2.3");
  }

  private Cluster cluster() {
    return Cluster.Builder.create(this, "Cluster")
        .clusterName(env.name())
        .vpc(network.vpc())
        .containerInsightsV2(ContainerInsights.ENABLED)
        .enableFargateCapacityProviders(true)
        .build();
  }

  private SpringService defineBeApi() {
    var settings = settings();
    settings.put(
        "SPRING_DATASOURCE_URL",
        "jdbc:postgresql://%s/%s?sslmode=require"
            .formatted(database.aurora().getClusterEndpoint().getSocketAddress(), DATABASE));
    settings.put("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI", env.services().issuer());
    settings.put(
        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI",
        env.services().issuer() + "/.well-known/jwks.json");
    settings.put("BACKLINE_RESOURCES_LINKS_TABLE", data.linksTable().getTableName());
    settings.put("BACKLINE_RESOURCES_LINK_STATS_TABLE", data.linkStatsTable().getTableName());
    settings.put(
        "BACKLINE_RESOURCES_CAMPAIGN_EVENTS_TOPIC_ARN", data.campaignEvents().getTopicArn());
    settings.put("BACKLINE_SHORT_LINKS_BASE_URL", "https://" + env.domain().shortLinks());
    settings.put("BACKLINE_SHORT_LINKS_OWN_HOSTS", env.domain().web());
    var secrets = new LinkedHashMap<String, Secret>();
    secrets.put("SPRING_DATASOURCE_USERNAME", secret(database.auroraSecret(), "username"));
    secrets.put("SPRING_DATASOURCE_PASSWORD", secret(database.auroraSecret(), "password"));
    redis(settings, secrets);
    var service =
        service(
            "BeApi",
            new Definition(
                "be-api",
                delivery.images("be-api"),
                env.services().beApi(),
                new Rollout.BlueGreen(Duration.ofMinutes(10)),
                // CloudFront passes the viewer's Host on.
                new Route(10, env.domain().web(), "/api/*"),
                settings,
                secrets));
    service.allow(
        data.linksTable().getTableArn(),
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:DescribeTable");
    service.allow(data.linksTable().getTableArn() + "/index/by-owner", "dynamodb:Query");
    service.allow(data.linkStatsTable().getTableArn(), "dynamodb:Query", "dynamodb:DescribeTable");
    service.allow(data.campaignEvents().getTopicArn(), "sns:Publish");
    new CacheInvalidation(this, cdn.webDistribution(), CACHED_PATHS).during(service.service());
    return service;
  }

  private SpringService defineRedirector() {
    var settings = settings();
    settings.put("BACKLINE_RESOURCES_LINKS_TABLE", data.linksTable().getTableName());
    settings.put("BACKLINE_RESOURCES_CLICKS_QUEUE", data.clicks().getQueueName());
    settings.put("BACKLINE_SHORT_LINKS_BASE_URL", "https://" + env.domain().shortLinks());
    // Whose CloudFront-Viewer-Country is believed.
    settings.put(
        "BACKLINE_REDIRECTOR_TRUSTED_PROXIES",
        String.join(
            ",",
            network.vpc().getPublicSubnets().stream().map(ISubnet::getIpv4CidrBlock).toList()));
    var secrets = new LinkedHashMap<String, Secret>();
    redis(settings, secrets);
    var service =
        service(
            "Redirector",
            new Definition(
                "redirector",
                delivery.images("redirector"),
                env.services().redirector(),
                new Rollout.Canary(10, Duration.ofMinutes(10), Duration.ofMinutes(10)),
                // CloudFront sends the origin's Host.
                new Route(20, env.domain().origin(), "/*"),
                settings,
                secrets));
    service.allow(data.linksTable().getTableArn(), "dynamodb:GetItem", "dynamodb:DescribeTable");
    service.allow(data.clicks().getQueueArn(), "sqs:SendMessage", "sqs:GetQueueUrl");
    return service;
  }

  private SpringService defineEventWorker() {
    var settings = settings();
    settings.put("BACKLINE_RESOURCES_LINK_STATS_TABLE", data.linkStatsTable().getTableName());
    settings.put(
        "BACKLINE_RESOURCES_CAMPAIGN_PREVIEWS_TABLE", data.campaignPreviewsTable().getTableName());
    settings.put("BACKLINE_RESOURCES_CLICKS_QUEUE", data.clicks().getQueueName());
    settings.put("BACKLINE_RESOURCES_CLICKS_DEAD_LETTER_QUEUE", data.clicksDlq().getQueueName());
    settings.put(
        "BACKLINE_RESOURCES_CAMPAIGN_CHANGES_QUEUE", data.campaignChanges().getQueueName());
    settings.put(
        "BACKLINE_RESOURCES_CAMPAIGN_CHANGES_DEAD_LETTER_QUEUE",
        data.campaignChangesDlq().getQueueName());
    settings.put("BACKLINE_EDGE_INVALIDATION_ENABLED", "true");
    settings.put(
        "BACKLINE_EDGE_INVALIDATION_DISTRIBUTION_ID", cdn.webDistribution().getDistributionId());
    var service =
        service(
            "EventWorker",
            new Definition(
                "event-worker",
                delivery.images("event-worker"),
                env.services().eventWorker(),
                // Messages wait, so half of the tasks are enough while the others are replaced.
                new Rollout.Rolling(50, 200),
                null,
                settings,
                Map.of()));
    var scaling = service.scaling();
    for (var queue : queues().entrySet()) {
      scaling.onDepthOf(queue.getKey(), queue.getValue());
      service.allow(
          queue.getValue().getQueueArn(),
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl");
    }
    for (var deadLetters : List.of(data.clicksDlq(), data.campaignChangesDlq())) {
      service.allow(deadLetters.getQueueArn(), "sqs:SendMessage", "sqs:GetQueueUrl");
    }
    service.allow(
        data.linkStatsTable().getTableArn(),
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DescribeTable");
    service.allow(
        data.campaignPreviewsTable().getTableArn(),
        "dynamodb:PutItem",
        "dynamodb:DeleteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DescribeTable");
    service.allow(cdn.webDistribution().getDistributionArn(), "cloudfront:CreateInvalidation");
    return service;
  }

  private SpringService service(String id, Definition definition) {
    return new SpringService(this, id, platform, definition);
  }

  /** Of every service. */
  private Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("AWS_REGION", env.region());
    settings.put(
        "BACKLINE_TRACING_RESERVOIR", String.valueOf(env.services().sampling().reservoir()));
    settings.put(
        "BACKLINE_TRACING_SAMPLING_RATE", String.valueOf(env.services().sampling().rate()));
    return settings;
  }

  private void redis(Map<String, String> settings, Map<String, Secret> secrets) {
    settings.put("SPRING_DATA_REDIS_HOST", database.cacheEndpoint());
    settings.put("SPRING_DATA_REDIS_PORT", database.cachePort());
    settings.put("SPRING_DATA_REDIS_SSL_ENABLED", "true");
    secrets.put("SPRING_DATA_REDIS_USERNAME", secret(database.cacheSecret(), "username"));
    secrets.put("SPRING_DATA_REDIS_PASSWORD", secret(database.cacheSecret(), "password"));
  }

  private Map<String, IQueue> queues() {
    var queues = new LinkedHashMap<String, IQueue>();
    queues.put("Clicks", data.clicks());
    queues.put("CampaignChanges", data.campaignChanges());
    return queues;
  }

  private static Secret secret(ISecret secret, String field) {
    return Secret.fromSecretsManager(secret, field);
  }
}
