package dev.backline.infra.ops;

import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;

/** ACM renews by itself 60 days before the end, as long as the DNS records are there. */
final class Certificates {

  static final int DAYS_LEFT = 30;

  private Certificates() {}

  static Metric daysLeft(String certificateArn) {
    return Metrics.of(
            "AWS/CertificateManager", "DaysToExpiry", "Minimum", "CertificateArn", certificateArn)
        .with(MetricOptions.builder().period(Duration.days(1)).build());
  }
}
