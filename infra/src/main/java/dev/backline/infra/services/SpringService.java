package dev.backline.infra.services;

import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.alarms.Runbook;
import dev.backline.infra.alarms.When;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ecs.AlarmBehavior;
import software.amazon.awscdk.services.ecs.AlternateTarget;
import software.amazon.awscdk.services.ecs.AvailabilityZoneRebalancing;
import software.amazon.awscdk.services.ecs.CapacityProviderStrategy;
import software.amazon.awscdk.services.ecs.DeploymentAlarmOptions;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.DeploymentStrategy;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.ListenerRuleConfiguration;
import software.amazon.awscdk.services.ecs.LoadBalancerTargetOptions;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.ecs.TrafficShiftConfig;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListenerRule;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck;
import software.amazon.awscdk.services.elasticloadbalancingv2.HttpCodeTarget;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetGroupLoadBalancingAlgorithmType;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** One Spring Boot service on Fargate: its tasks, the way to them, and how they are replaced. */
public final class SpringService extends Construct {

  /** Shorter than the 22 s in which requests are drained; libs/deployment-rules compares them. */
  private static final Duration DEREGISTRATION_DELAY = Duration.seconds(20);

  /** Failures of a task that is starting count from then on. */
  private static final Duration START_UP = Duration.seconds(120);

  private static final Duration MINUTE = Duration.minutes(1);

  private final Platform platform;
  private final Definition definition;
  private final LogGroup logs;
  private final FargateTaskDefinition task;
  private final List<ApplicationTargetGroup> targetGroups = new ArrayList<>();
  private final FargateService service;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  SpringService(Construct scope, String id, Platform platform, Definition definition) {
    this.platform = platform;
    this.definition = definition;
    super(scope, id);
    logs =
        LogGroup.Builder.create(this, "Logs")
            .logGroupName("/backline/%s/%s".formatted(platform.env().name(), definition.name()))
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    task = Task.define(this, definition, logs, platform.version());
    service = service();
    rollBackOnErrors();
  }

  public String name() {
    return definition.name();
  }

  public FargateService service() {
    return service;
  }

  /** None for a service that takes messages only; two where a rollout moves traffic. */
  public List<ApplicationTargetGroup> targetGroups() {
    return List.copyOf(targetGroups);
  }

  public LogGroup logs() {
    return logs;
  }

  public int minTasks() {
    return definition.size().minTasks();
  }

  /** What the service itself may do, beyond what every service may. */
  void allow(String resource, String... actions) {
    task.addToTaskRolePolicy(
        PolicyStatement.Builder.create()
            .actions(List.of(actions))
            .resources(List.of(resource))
            .build());
  }

  private FargateService service() {
    var builder =
        FargateService.Builder.create(this, "Service")
            .cluster(platform.cluster())
            .serviceName(definition.name())
            .taskDefinition(task)
            .vpcSubnets(
                SubnetSelection.builder().subnetType(SubnetType.PRIVATE_WITH_EGRESS).build())
            .securityGroups(List.of(platform.securityGroup()))
            .assignPublicIp(false)
            .capacityProviderStrategies(
                List.of(
                    CapacityProviderStrategy.builder()
                        .capacityProvider(
                            platform.env().services().spot() ? "FARGATE_SPOT" : "FARGATE")
                        .weight(1)
                        .build()))
            .circuitBreaker(DeploymentCircuitBreaker.builder().enable(true).rollback(true).build())
            .availabilityZoneRebalancing(AvailabilityZoneRebalancing.ENABLED)
            .propagateTags(PropagatedTagSource.SERVICE);
    if (definition.route() != null) {
      builder.healthCheckGracePeriod(START_UP);
    }
    switch (definition.rollout()) {
      case Rollout.Rolling(int minPercent, int maxPercent) ->
          builder
              .deploymentStrategy(DeploymentStrategy.ROLLING)
              .minHealthyPercent(minPercent)
              .maxHealthyPercent(maxPercent);
      case Rollout.BlueGreen(var bake) ->
          besideTheOld(builder)
              .deploymentStrategy(DeploymentStrategy.BLUE_GREEN)
              .bakeTime(minutes(bake));
      case Rollout.Canary(double percent, var evaluation, var bake) ->
          besideTheOld(builder)
              .deploymentStrategy(DeploymentStrategy.CANARY)
              .canaryConfiguration(
                  TrafficShiftConfig.builder()
                      .stepPercent(percent)
                      .stepBakeTime(minutes(evaluation))
                      .build())
              .bakeTime(minutes(bake));
    }
    var built = builder.build();
    var route = definition.route();
    if (route != null) {
      attach(built, route);
    }
    return built;
  }

  /** All new tasks run before the first old one stops. */
  private static FargateService.Builder besideTheOld(FargateService.Builder builder) {
    return builder.minHealthyPercent(100).maxHealthyPercent(200);
  }

  private void attach(FargateService built, Route route) {
    var blue = targets("Blue");
    targetGroups.add(blue);
    var target =
        LoadBalancerTargetOptions.builder()
            .containerName(definition.name())
            .containerPort(Task.PORT);
    if (definition.rollout() instanceof Rollout.Rolling) {
      platform.balancer().route(this, route, targetGroups);
    } else {
      targetGroups.add(targets("Green"));
      target.alternateTarget(alternate(route));
    }
    built.loadBalancerTarget(target.build()).attachToApplicationTargetGroup(blue);
  }

  private AlternateTarget alternate(Route route) {
    var balancer = platform.balancer();
    var rules = new ArrayList<ApplicationListenerRule>();
    rules.add(balancer.route(this, route, targetGroups));
    var builder =
        AlternateTarget.Builder.create("Alternate")
            .alternateTargetGroup(targetGroups.getLast())
            .productionListener(ListenerRuleConfiguration.applicationListenerRule(rules.getFirst()));
    if (definition.rollout() instanceof Rollout.BlueGreen) {
      rules.add(balancer.testRoute(this, route, targetGroups.reversed()));
      builder.testListener(ListenerRuleConfiguration.applicationListenerRule(rules.getLast()));
    }
    return builder.role(trafficShifter(rules)).build();
  }

  /** What ECS may do to the load balancer, in the course of a deployment. */
  private Role trafficShifter(List<ApplicationListenerRule> rules) {
    var role =
        Role.Builder.create(this, "TrafficShifter")
            .assumedBy(new ServicePrincipal("ecs.amazonaws.com"))
            .build();
    role.addToPolicy(
        statement(
            List.of("*"),
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth"));
    role.addToPolicy(
        statement(
            targetGroups.stream().map(ApplicationTargetGroup::getTargetGroupArn).toList(),
            "elasticloadbalancing:RegisterTargets",
            "elasticloadbalancing:DeregisterTargets"));
    role.addToPolicy(
        statement(
            rules.stream().map(ApplicationListenerRule::getListenerRuleArn).toList(),
            "elasticloadbalancing:ModifyRule"));
    return role;
  }

  private ApplicationTargetGroup targets(String id) {
    return ApplicationTargetGroup.Builder.create(this, id)
        .vpc(platform.vpc())
        .targetType(TargetType.IP)
        .protocol(ApplicationProtocol.HTTP)
        .port(Task.PORT)
        .deregistrationDelay(DEREGISTRATION_DELAY)
        // A task that answers slowly gets less.
        .loadBalancingAlgorithmType(
            TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS)
        .healthCheck(
            HealthCheck.builder()
                .path("/readyz")
                .interval(Duration.seconds(10))
                .timeout(Duration.seconds(5))
                .healthyThresholdCount(2)
                .unhealthyThresholdCount(2)
                .healthyHttpCodes("200")
                .build())
        .build();
  }

  /** A new version that answers with errors, or logs them, is worth going back at once. */
  private void rollBackOnErrors() {
    var alarms = new Alarms(this, platform.env());
    String meaning = "%s fails. A deployment rolls back.".formatted(definition.name());
    var alarm =
        alarms.raise(
            definition.name() + "-deployment",
            Runbook.DEPLOYMENT_ROLLED_BACK,
            meaning,
            targetGroups.isEmpty()
                ? When.above(ERROR_LINES, 2, errorLines())
                : When.above(ERROR_PERCENT, 2, errorPercent()));
    // ECS is told the alarm's name, which CloudFormation takes for no reference.
    service.getNode().addDependency(alarm);
    service.enableDeploymentAlarms(
        List.of(platform.env().name() + "-" + definition.name() + "-deployment"),
        DeploymentAlarmOptions.builder().behavior(AlarmBehavior.ROLLBACK_ON_ALARM).build());
  }

  /**
   * Of the requests of a minute, those that failed; 0 where they are fewer than five. Blue and green
   * together, since each of them has the production traffic half of the time.
   */
  public IMetric errorPercent() {
    var metrics = new LinkedHashMap<String, IMetric>();
    metrics.put(
        "errors",
        sum(targetGroups.stream().map(group -> errors(group)).toList(), "errors"));
    metrics.put(
        "requests",
        sum(targetGroups.stream().map(group -> group.getMetrics().requestCount()).toList(), "requests"));
    return MathExpression.Builder.create()
        .label("%s: failed requests (%%)".formatted(definition.name()))
        .expression("IF(errors >= 5, 100 * errors / requests, 0)")
        .usingMetrics(metrics)
        .period(MINUTE)
        .build();
  }

  /** Requests of both target groups. */
  public IMetric requests() {
    return sum(
        targetGroups.stream().map(group -> group.getMetrics().requestCount()).toList(), "requests");
  }

  /** The slowest hundredth, in seconds, of the target group that is slower. */
  public IMetric slowest() {
    var options = MetricOptions.builder().statistic("p99").period(MINUTE).build();
    var metrics = new LinkedHashMap<String, IMetric>();
    for (var group : targetGroups) {
      metrics.put("t" + metrics.size(), group.getMetrics().targetResponseTime(options));
    }
    return MathExpression.Builder.create()
        .label("%s: p99 (s)".formatted(definition.name()))
        .expression("MAX(METRICS())")
        .usingMetrics(metrics)
        .period(MINUTE)
        .build();
  }

  /** Lines of level ERROR in a minute. */
  public IMetric errorLines() {
    return errorLines;
  }

  private static Metric errors(ApplicationTargetGroup group) {
    return group.getMetrics().httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT);
  }
}
