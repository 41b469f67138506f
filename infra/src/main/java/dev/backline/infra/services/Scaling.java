package dev.backline.infra.services;

import dev.backline.infra.EnvConfig.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.CustomizedMetricSpecificationProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricDimensionProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingMetricStatProperty;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.ecs.CpuUtilizationScalingProps;
import software.amazon.awscdk.services.ecs.ScalableTaskCount;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.sqs.IQueue;

/** How many tasks a service has: enough for the most demanding of its policies. */
final class Scaling {

  /** Room for the requests of a task that is lost, and for the minutes until a new one is there. */
  private static final int CPU_PERCENT = 60;

  /** 100 a second. A task answers more, but what comes within a minute needs room, too. */
  private static final int REQUESTS_PER_TASK_AND_MINUTE = 6_000;

  /** Up to 200 clicks each: what is counted within about a minute. */
  private static final int MESSAGES_PER_TASK = 300;

  private static final Duration SCALE_IN_COOLDOWN = Duration.minutes(5);
  private static final Duration SCALE_OUT_COOLDOWN = Duration.minutes(1);

  private final SpringService service;
  private final ScalableTaskCount tasks;

  private Scaling(SpringService service, ScalableTaskCount tasks) {
    this.service = service;
    this.tasks = tasks;
  }

  /** By CPU, and by requests where the service has any. */
  static Scaling of(SpringService service, Size size) {
    var tasks =
        service
            .service()
            .autoScaleTaskCount(
                EnableScalingProps.builder()
                    .minCapacity(size.minTasks())
                    .maxCapacity(size.maxTasks())
                    .build());
    tasks.scaleOnCpuUtilization(
        "Cpu",
        CpuUtilizationScalingProps.builder()
            .targetUtilizationPercent(CPU_PERCENT)
            .scaleInCooldown(SCALE_IN_COOLDOWN)
            .scaleOutCooldown(SCALE_OUT_COOLDOWN)
            .build());
    var scaling = new Scaling(service, tasks);
    if (!service.targetGroups().isEmpty()) {
      scaling.onRequests();
    }
    return scaling;
  }

  /**
   * By requests per task. ECS's own metric for this knows one target group, and the traffic changes
   * from one to the other; so both are added up.
   */
  private void onRequests() {
    var each = new ArrayList<TargetTrackingMetricDataQueryProperty>();
    var terms = new ArrayList<String>();
    for (ApplicationTargetGroup group : service.targetGroups()) {
      String id = "m" + each.size();
      each.add(
          metric(
              id,
              "AWS/ApplicationELB",
              "RequestCountPerTarget",
              "Sum",
              Map.of("TargetGroup", group.getTargetGroupFullName())));
      terms.add("FILL(" + id + ", 0)");
    }
    each.add(result(String.join(" + ", terms)));
    track("Requests", REQUESTS_PER_TASK_AND_MINUTE, each);
  }

  /** By the messages that wait, per task. */
  void onDepthOf(String id, IQueue queue) {
    var service = new LinkedHashMap<String, String>();
    service.put("ClusterName", this.service.service().getCluster().getClusterName());
    service.put("ServiceName", this.service.service().getServiceName());
    track(
        id,
        MESSAGES_PER_TASK,
        List.of(
            metric(
                "waiting",
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                "Average",
                Map.of("QueueName", queue.getQueueName())),
            metric("tasks", "ECS/ContainerInsights", "RunningTaskCount", "Average", service),
            result("waiting / tasks")));
  }

  private void track(String id, int target, List<TargetTrackingMetricDataQueryProperty> metrics) {
    var ecs = service.service();
    CfnScalingPolicy.Builder.create(service, id + "Scaling")
        .policyName(service.getNode().getId() + id)
        .policyType("TargetTrackingScaling")
        .serviceNamespace("ecs")
        .scalableDimension("ecs:service:DesiredCount")
        .resourceId(
            String.join("/", "service", ecs.getCluster().getClusterName(), ecs.getServiceName()))
        .targetTrackingScalingPolicyConfiguration(
            TargetTrackingScalingPolicyConfigurationProperty.builder()
                .targetValue(target)
                .scaleInCooldown(SCALE_IN_COOLDOWN.toSeconds())
                .scaleOutCooldown(SCALE_OUT_COOLDOWN.toSeconds())
                .customizedMetricSpecification(
                    CustomizedMetricSpecificationProperty.builder().metrics(metrics).build())
                .build())
        .build()
        .getNode()
        .addDependency(tasks);
  }

  private static TargetTrackingMetricDataQueryProperty metric(
      String id, String namespace, String name, String stat, Map<String, String> dimensions) {
    return TargetTrackingMetricDataQueryProperty.builder()
        .id(id)
        .metricStat(
            TargetTrackingMetricStatProperty.builder()
                .metric(
                    TargetTrackingMetricProperty.builder()
                        .namespace(namespace)
                        .metricName(name)
                        .dimensions(
                            dimensions.entrySet().stream()
                                .map(
                                    dimension ->
                                        TargetTrackingMetricDimensionProperty.builder()
                                            .name(dimension.getKey())
                                            .value(dimension.getValue())
                                            .build())
                                .toList())
                        .build())
                .stat(stat)
                .build())
        .returnData(false)
        .build();
  }

  private static TargetTrackingMetricDataQueryProperty result(String expression) {
    return TargetTrackingMetricDataQueryProperty.builder()
        .id("result")
        .expression(expression)
        .returnData(true)
        .build();
  }
}
