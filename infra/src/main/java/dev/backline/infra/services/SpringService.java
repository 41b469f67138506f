package dev.backline.infra.services;

import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.alarms.Runbook;
import dev.backline.infra.alarms.When;
import dev.backline.infra.services.Balancer.Route;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
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
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetGroupLoadBalancingAlgorithmType;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** One Spring Boot service on Fargate: its tasks, the way to them, and how they are replaced. */
public final class SpringService extends Construct {

  /** Shorter than the 22 s in which requests are drained; libs/deployment-rules compares them. */
  private static final Duration DEREGISTRATION_DELAY = Duration.seconds(20);

  /** Failures of a task that is starting count from then on. */
  private static final Duration START_UP = Duration.seconds(120);

  /** Of the requests of a minute. */
  private static final double MAX_ERROR_PERCENT = 2;

  /** In a minute, of a service that has no requests. */
  private static final double MAX_ERROR_LINES = 10;

  private final Platform platform;
  private final Definition definition;
  private final LogGroup logs;
  private final FargateTaskDefinition task;
  private final List<ApplicationTargetGroup> targetGroups = new ArrayList<>();
  private final FargateService service;
  private final ServiceMetrics metrics;
  private final Scaling scaling;

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
    service = build();
    metrics = new ServiceMetrics(this, platform.env(), name(), targetGroups, logs);
    rollBackOnErrors();
    scaling = Scaling.of(this, definition.size());
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

  public ServiceMetrics metrics() {
    return metrics;
  }

  public int minTasks() {
    return definition.size().minTasks();
  }

  Scaling scaling() {
    return scaling;
  }

  /** What the service itself may do, beyond what every service may. */
  void allow(String resource, String... actions) {
    task.addToTaskRolePolicy(statement(List.of(resource), actions));
  }

  private FargateService build() {
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
            .productionListener(
                ListenerRuleConfiguration.applicationListenerRule(rules.getFirst()));
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
                ? When.above(MAX_ERROR_LINES, 2, metrics.errorLines())
                : When.above(MAX_ERROR_PERCENT, 2, metrics.errorPercent()));
    // ECS is told the alarm's name, which CloudFormation takes for no reference.
    service.getNode().addDependency(alarm);
    service.enableDeploymentAlarms(
        List.of(platform.env().name() + "-" + definition.name() + "-deployment"),
        DeploymentAlarmOptions.builder().behavior(AlarmBehavior.ROLLBACK_ON_ALARM).build());
  }

  private static PolicyStatement statement(List<String> resources, String... actions) {
    return PolicyStatement.Builder.create().actions(List.of(actions)).resources(resources).build();
  }

  private static Duration minutes(java.time.Duration duration) {
    return Duration.minutes(duration.toMinutes());
  }
}
