package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import software.amazon.awscdk.services.cloudfront.IDistribution;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;

/** Metrics of CloudFront and its firewall, which are in us-east-1. */
final class EdgeMetrics {

  private EdgeMetrics() {}

  /** Of all requests, those that CloudFront answers with 5xx, functions' and origins' included. */
  static Metric errorPercent(IDistribution distribution) {
    return cloudFront("5xxErrorRate", "Average", distribution);
  }

  static Metric requests(IDistribution distribution) {
    return cloudFront("Requests", "Sum", distribution);
  }

  static Metric blocked(EnvConfig env) {
    return inItsRegion(
        Metrics.of(
            "AWS/WAFV2", "BlockedRequests", "Sum", "WebACL", env.prefix() + "edge", "Rule", "ALL"));
  }

  private static Metric cloudFront(String name, String statistic, IDistribution distribution) {
    return inItsRegion(
        Metrics.of(
            "AWS/CloudFront",
            name,
            statistic,
            "DistributionId",
            distribution.getDistributionId(),
            "Region",
            "Global"));
  }

  private static Metric inItsRegion(Metric metric) {
    return metric.with(MetricOptions.builder().region(EnvConfig.EDGE_REGION).build());
  }
}
