package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.alarms.Runbook;
import dev.backline.infra.alarms.When;
import dev.backline.infra.functions.NodeFunction;
import dev.backline.infra.network.ManagementNetwork;
import dev.backline.infra.network.Subnets;
import dev.backline.infra.services.SpringService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.events.CronOptions;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.lambda.CfnEventInvokeConfig;
import software.amazon.awscdk.services.lambda.CfnEventInvokeConfig.DestinationConfigProperty;
import software.amazon.awscdk.services.lambda.CfnEventInvokeConfig.OnFailureProperty;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.SubscriptionFilter;
import software.amazon.awscdk.services.logs.destinations.LambdaDestination;
import software.amazon.awscdk.services.opensearchservice.IDomain;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.constructs.Construct;

/**
 * The services' log lines, on their way from CloudWatch Logs to OpenSearch: a function in the
 * management network sends them over the peering.
 *
 * <p>OpenSearch's write queue is shared with everyone who searches and writes there. So few
 * requests are under way at once, the lines that wait do so in Lambda's queue and for an hour at
 * most, and what is not taken by then goes to a bucket.
 */
final class LogShipping extends Construct {

  /** Bulk requests at once; each is one of the threads that the smallest node writes with. */
  private static final int CONCURRENCY = 2;

  /** Of an event in Lambda's queue. */
  private static final Duration LONGEST_WAIT = Duration.hours(1);

  private static final int KEPT_DAYS = 14;

  private static final String BUCKET = "unshipped-logs";

  private final EnvConfig env;
  private final ManagementNetwork network;
  private final Bucket deadLetters;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final NodeFunction shipper;
  private final NodeFunction expirer;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  LogShipping(
      Construct scope,
      EnvConfig env,
      ManagementNetwork network,
      IDomain search,
      List<SpringService> services) {
    this.env = env;
    this.network = network;
    super(scope, "LogShipping");
    deadLetters = deadLetters();
    settings.put("ENVIRONMENT", env.name());
    settings.put("SEARCH_ENDPOINT", "https://" + search.getDomainEndpoint());
    shipper = shipper();
    expirer = expirer();
    for (var service : services) {
      SubscriptionFilter.Builder.create(this, service.name())
          .logGroup(service.logs())
          .filterPattern(FilterPattern.allEvents())
          .destination(new LambdaDestination(shipper.function()))
          .build();
    }
  }

  /** What goes wrong where, and how much is on its way. */
  void watch(Alarms alarms) {
    alarms.raise(
        "logs-put-aside",
        Runbook.LOG_SHIPPING,
        "Log lines were put aside: OpenSearch does not take them.",
        When.above(0, 1, putAside()));
    alarms.raise(
        "logs-failing",
        Runbook.LOG_SHIPPING,
        "Shipping or expiring logs fails.",
        When.above(0, 1, Metrics.sum("errors", List.of(errors(shipper), errors(expirer)))));
    alarms.raise(
        "logs-late",
        Runbook.LOG_SHIPPING,
        "Log lines wait for more than ten minutes to be shipped; after an hour they are put aside.",
        When.above(
            Duration.minutes(10).toMilliseconds().doubleValue(),
            1,
            lambda("AsyncEventAge", "Maximum", shipper)));
  }

  IMetric shipped() {
    return own("shipped");
  }

  IMetric putAside() {
    return own("deadLettered");
  }

  private Bucket deadLetters() {
    return Bucket.Builder.create(this, "DeadLetters")
        .bucketName(env.bucketName(BUCKET))
        .encryption(BucketEncryption.S3_MANAGED)
        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
        .enforceSsl(true)
        .lifecycleRules(List.of(LifecycleRule.builder().expiration(Duration.days(30)).build()))
        .removalPolicy(env.protect() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
        .build();
  }

  private NodeFunction shipper() {
    var own = new LinkedHashMap<>(settings);
    own.put("DEAD_LETTERS", "https://" + deadLetters.getBucketRegionalDomainName());
    var function =
        new NodeFunction(
            this,
            "Shipper",
            "ship-logs",
            own,
            builder ->
                inManagement(builder)
                    .memorySize(512)
                    .timeout(Duration.minutes(2))
                    .reservedConcurrentExecutions(CONCURRENCY));
    // The CDK's own destination would also grant reading, and all of the bucket.
    CfnEventInvokeConfig.Builder.create(this, "Queue")
        .functionName(function.function().getFunctionName())
        .qualifier("$LATEST")
        .maximumEventAgeInSeconds(LONGEST_WAIT.toSeconds())
        .maximumRetryAttempts(2)
        .destinationConfig(
            DestinationConfigProperty.builder()
                .onFailure(
                    OnFailureProperty.builder().destination(deadLetters.getBucketArn()).build())
                .build())
        .build()
        .getNode()
        .addDependency(function);
    function.allow(statement("es:ESHttpPost", indices()));
    function.allow(statement("s3:PutObject", objects("refused/*")));
    function.allow(statement("s3:PutObject", objects("aws/lambda/async/*")));
    function.allow(statement("s3:ListBucket", deadLetters.getBucketArn()));
    mayHaveInterfaces(function);
    return function;
  }

  private NodeFunction expirer() {
    var own = new LinkedHashMap<>(settings);
    own.put("KEEP_DAYS", String.valueOf(KEPT_DAYS));
    var function =
        new NodeFunction(
            this,
            "Expirer",
            "expire-logs",
            own,
            builder -> inManagement(builder).timeout(Duration.minutes(2)));
    function.allow(statement("es:ESHttpDelete", indices()));
    mayHaveInterfaces(function);
    Rule.Builder.create(this, "Nightly")
        .description("Deletes the log lines of days that are over")
        .schedule(Schedule.cron(CronOptions.builder().hour("18").minute("30").build()))
        .targets(List.of(new LambdaFunction(function.function())))
        .build();
    return function;
  }

  private Function.Builder inManagement(Function.Builder builder) {
    return builder
        .vpc(network.vpc())
        .vpcSubnets(Subnets.PRIVATE)
        .securityGroups(List.of(network.logShipperSecurityGroup()));
  }

  /**
   * Lambda connects a function to a network in the name of its role, and refuses a role that may do
   * so somewhere only. The function's own code may not.
   */
  private void mayHaveInterfaces(NodeFunction function) {
    var actions =
        List.of(
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses");
    function.allow(
        PolicyStatement.Builder.create().actions(actions).resources(List.of("*")).build());
    var ownCode = new LinkedHashMap<String, Object>();
    ownCode.put(
        "ArnLike",
        Map.of(
            "lambda:SourceFunctionArn",
            "arn:aws:lambda:%s:%s:function:*".formatted(env.region(), env.account())));
    function.allow(
        PolicyStatement.Builder.create()
            .effect(Effect.DENY)
            .actions(actions)
            .resources(List.of("*"))
            .conditions(ownCode)
            .build());
  }

  /** One for each day, so that a day can be deleted. */
  private String indices() {
    return "arn:aws:es:%s:%s:domain/%s/logs-*"
        .formatted(env.region(), env.account(), "backline-" + env.name());
  }

  private String objects(String keys) {
    return "arn:aws:s3:::%s/%s".formatted(env.bucketName(BUCKET), keys);
  }

  private IMetric own(String name) {
    return Metrics.of("Backline/LogShipping", name, "Sum", "environment", env.name());
  }

  private static IMetric errors(NodeFunction function) {
    return lambda("Errors", "Sum", function);
  }

  private static IMetric lambda(String name, String statistic, NodeFunction function) {
    return Metrics.of(
        "AWS/Lambda", name, statistic, "FunctionName", function.function().getFunctionName());
  }

  private static PolicyStatement statement(String action, String resource) {
    return PolicyStatement.Builder.create()
        .actions(List.of(action))
        .resources(List.of(resource))
        .build();
  }
}
