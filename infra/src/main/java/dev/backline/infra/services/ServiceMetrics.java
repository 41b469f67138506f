package dev.backline.infra.services;

import dev.backline.infra.EnvConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.HttpCodeTarget;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.IFilterPattern;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.constructs.Construct;

/**
 * What a service can be watched by, minute by minute. Target groups are added up: blue and green
 * take turns in having the traffic.
 */
public final class ServiceMetrics {

  private static final Duration MINUTE = Duration.minutes(1);

  private final Construct scope;
  private final EnvConfig env;
  private final String name;
  private final List<ApplicationTargetGroup> targetGroups;
  private final LogGroup logs;
  private final Metric errorLines;

  ServiceMetrics(
      Construct scope,
      EnvConfig env,
      String name,
      List<ApplicationTargetGroup> targetGroups,
      LogGroup logs) {
    this.scope = scope;
    this.env = env;
    this.name = name;
    this.targetGroups = List.copyOf(targetGroups);
    this.logs = logs;
    errorLines = lines("error-lines", FilterPattern.stringValue("$.level", "=", "ERROR"));
  }

  /** Requests in a minute. */
  public IMetric requests() {
    return sum("requests", group -> group.getMetrics().requestCount(sumOf()));
  }

  /** Of them, those that failed, in percent. 0 where they are fewer than five: no pattern yet. */
  public IMetric errorPercent() {
    var metrics = new LinkedHashMap<String, IMetric>();
    metrics.put(
        "errors",
        sum(
            "errors",
            group -> group.getMetrics().httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, sumOf())));
    metrics.put("requests", requests());
    return math("failed requests, %", "IF(errors >= 5, 100 * errors / requests, 0)", metrics);
  }

  /** What 99 of 100 requests take at most, in seconds. */
  public IMetric slowest() {
    var p99 = MetricOptions.builder().statistic("p99").period(MINUTE).build();
    var each = each("p", group -> group.getMetrics().targetResponseTime(p99));
    return math("p99, s", "MAX([%s])".formatted(String.join(", ", each.keySet())), each);
  }

  /** Lines of level ERROR. */
  public IMetric errorLines() {
    return errorLines;
  }

  /** Tasks that run, as Container Insights counts them. */
  public IMetric runningTasks() {
    var dimensions = new LinkedHashMap<String, String>();
    dimensions.put("ClusterName", env.name());
    dimensions.put("ServiceName", name);
    return Metric.Builder.create()
        .namespace("ECS/ContainerInsights")
        .metricName("RunningTaskCount")
        .dimensionsMap(dimensions)
        .statistic("Average")
        .period(MINUTE)
        .label(name + ": tasks")
        .build();
  }

  /**
   * Lines of the log that match.
   *
   * @param what name of the metric, after the service's
   */
  public Metric lines(String what, IFilterPattern pattern) {
    return MetricFilter.Builder.create(scope, what)
        .logGroup(logs)
        .filterPattern(pattern)
        .metricNamespace("Backline/" + env.name())
        .metricName(name + "-" + what)
        .metricValue("1")
        .build()
        .metric(sumOf());
  }

  private IMetric sum(String what, Function<ApplicationTargetGroup, IMetric> metric) {
    var each = each(what.substring(0, 1), metric);
    String expression =
        String.join(" + ", each.keySet().stream().map("FILL(%s, 0)"::formatted).toList());
    return math(what, expression, each);
  }

  private Map<String, IMetric> each(
      String prefix, Function<ApplicationTargetGroup, IMetric> metric) {
    var each = new LinkedHashMap<String, IMetric>();
    targetGroups.forEach(group -> each.put(prefix + each.size(), metric.apply(group)));
    return each;
  }

  private MathExpression math(String what, String expression, Map<String, IMetric> metrics) {
    return MathExpression.Builder.create()
        .label(name + ": " + what)
        .expression(expression)
        .usingMetrics(metrics)
        .period(MINUTE)
        .build();
  }

  private static MetricOptions sumOf() {
    return MetricOptions.builder().statistic("Sum").period(MINUTE).build();
  }
}
