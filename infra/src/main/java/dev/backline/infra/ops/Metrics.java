package dev.backline.infra.ops;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;

/** Metrics of AWS's services, in periods of five minutes. */
final class Metrics {

  static final Duration PERIOD = Duration.minutes(5);

  private Metrics() {}

  /**
   * A metric.
   *
   * @param dimensions names and values in turn
   */
  static Metric of(String namespace, String name, String statistic, String... dimensions) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < dimensions.length; i += 2) {
      map.put(dimensions[i], dimensions[i + 1]);
    }
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .dimensionsMap(map)
        .statistic(statistic)
        .period(PERIOD)
        .build();
  }

  /** The sum, in which a metric without a value counts 0. */
  static IMetric sum(String label, List<? extends IMetric> metrics) {
    var byId = byId(label, metrics);
    String expression =
        String.join(" + ", byId.keySet().stream().map("FILL(%s, 0)"::formatted).toList());
    return expression(label, expression, byId);
  }

  static IMetric max(String label, List<? extends IMetric> metrics) {
    var byId = byId(label, metrics);
    return expression(label, "MAX([%s])".formatted(String.join(", ", byId.keySet())), byId);
  }

  /** Ids are those of a whole graph, so they come from the label. */
  private static Map<String, IMetric> byId(String label, List<? extends IMetric> metrics) {
    String prefix = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    var byId = new LinkedHashMap<String, IMetric>();
    metrics.forEach(metric -> byId.put(prefix + byId.size(), metric));
    return byId;
  }

  private static IMetric expression(String label, String expression, Map<String, IMetric> metrics) {
    return MathExpression.Builder.create()
        .label(label)
        .expression(expression)
        .usingMetrics(metrics)
        .period(PERIOD)
        .build();
  }
}
