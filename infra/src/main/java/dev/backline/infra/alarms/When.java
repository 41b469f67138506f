package dev.backline.infra.alarms;

import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;

/**
 * The condition of an alarm.
 *
 * @param periods how many periods of the metric in a row
 * @param missing what no value means
 */
public record When(
    IMetric metric,
    ComparisonOperator comparison,
    double threshold,
    int periods,
    TreatMissingData missing) {

  /** Where no value means that nothing happened. */
  public static When above(double threshold, int periods, IMetric metric) {
    return new When(
        metric,
        ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold,
        periods,
        TreatMissingData.NOT_BREACHING);
  }

  /** Where no value means that what should report is not there. */
  public static When below(double threshold, int periods, IMetric metric) {
    return new When(
        metric,
        ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold,
        periods,
        TreatMissingData.BREACHING);
  }
}
