package dev.backline.infra.ops;

import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.alarms.Runbook;
import dev.backline.infra.alarms.When;
import dev.backline.infra.services.ServicesStack;
import dev.backline.infra.services.SpringService;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.HttpCodeElb;
import software.amazon.awscdk.services.logs.FilterPattern;

/** Whether the services answer, and the load balancer reaches them. */
final class ServicesWatch {

  private static final double MAX_ERROR_PERCENT = 2;
  private static final double MAX_ERROR_LINES = 5;

  /** Minutes of trouble in a row before anybody is woken. A deployment rolls back sooner. */
  private static final int MINUTES = 5;

  /** Minutes in which ECS replaces a lost task by itself. */
  private static final int MINUTES_TO_REPLACE = 10;

  private final ServicesStack stack;
  private final IMetric droppedClicks;

  ServicesWatch(ServicesStack stack) {
    this.stack = stack;
    // The line has the clicks themselves in this field.
    droppedClicks =
        stack.redirector().metrics().lines("dropped-clicks", FilterPattern.exists("$.replay"));
  }

  void raise(Alarms alarms) {
    answers(alarms, stack.beApi(), 1);
    answers(alarms, stack.redirector(), 0.25);
    alarms.raise(
        "event-worker-errors",
        Runbook.SERVICE_ERRORS,
        "event-worker logs errors.",
        When.above(MAX_ERROR_LINES, MINUTES, stack.eventWorker().metrics().errorLines()));
    for (var service : stack.services()) {
      alarms.raise(
          service.name() + "-tasks",
          Runbook.TOO_FEW_TASKS,
          "%s has fewer tasks than the %d that it always has."
              .formatted(service.name(), service.minTasks()),
          When.below(service.minTasks(), MINUTES_TO_REPLACE, service.metrics().runningTasks()));
    }
    alarms.raise(
        "clicks-dropped",
        Runbook.CLICKS_DROPPED,
        "Clicks could not be sent, and are in the log only.",
        When.above(0, 1, droppedClicks));
    alarms.raise(
        "balancer-errors",
        Runbook.BALANCER_ERRORS,
        "The load balancer itself answers with errors: it reaches no task, or none in time.",
        When.above(5, 3, balancerErrors()));
    alarms.raise(
        "balancer-certificate",
        Runbook.CERTIFICATE_EXPIRY,
        "The load balancer's certificate has not been renewed.",
        When.below(
            Certificates.DAYS_LEFT,
            1,
            Certificates.daysLeft(stack.certificate().getCertificateArn())));
  }

  private void answers(Alarms alarms, SpringService service, double seconds) {
    alarms.raise(
        service.name() + "-errors",
        Runbook.SERVICE_ERRORS,
        "%s answers more than %s %% of its requests with errors."
            .formatted(service.name(), MAX_ERROR_PERCENT),
        When.above(MAX_ERROR_PERCENT, MINUTES, service.metrics().errorPercent()));
    alarms.raise(
        service.name() + "-slow",
        Runbook.SLOW_RESPONSES,
        "One of a hundred requests to %s takes more than %s s.".formatted(service.name(), seconds),
        When.above(seconds, MINUTES, service.metrics().slowest()));
  }

  List<SpringService> services() {
    return stack.services();
  }

  IMetric balancerErrors() {
    return stack
        .loadBalancer()
        .getMetrics()
        .httpCodeElb(
            HttpCodeElb.ELB_5XX_COUNT,
            MetricOptions.builder().statistic("Sum").period(Metrics.PERIOD).build());
  }

  IMetric droppedClicks() {
    return droppedClicks;
  }
}
