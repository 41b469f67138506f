package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.cdn.CdnStack;
import dev.backline.infra.services.SpringService;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.AlarmStatusWidget;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TextWidget;
import software.constructs.Construct;

/** The dashboard of an environment: from the viewers down to the stores, alarms first. */
final class Overview extends Construct {

  private static final int WIDTH = 24;

  private final Dashboard dashboard;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  Overview(
      Construct scope,
      EnvConfig env,
      Alarms alarms,
      ServicesWatch services,
      StoresWatch stores,
      LogShipping logs,
      CdnStack cdn) {
    super(scope, "Overview");
    dashboard =
        Dashboard.Builder.create(this, "Dashboard")
            .dashboardName("backline-" + env.name())
            .defaultInterval(Duration.hours(3))
            .build();
    dashboard.addWidgets(
        AlarmStatusWidget.Builder.create()
            .title("Alarms")
            .width(WIDTH)
            .alarms(alarms.all())
            .build());
    title("Edge");
    row(
        graph(
            "Requests",
            EdgeMetrics.requests(cdn.webDistribution()),
            EdgeMetrics.requests(cdn.shortLinkDistribution())),
        graph(
            "Errors, %",
            EdgeMetrics.errorPercent(cdn.webDistribution()),
            EdgeMetrics.errorPercent(cdn.shortLinkDistribution())),
        graph("Blocked by the firewall", EdgeMetrics.blocked(env)),
        graph("Errors of the load balancer", services.balancerErrors()));
    for (var service : services.services()) {
      title(service.name());
      row(ofService(service));
    }
    title("Queues");
    row(
        graph("Waiting", stores.queues().values().stream().map(StoresWatch::waiting).toList()),
        graph("Oldest, s", stores.queues().values().stream().map(StoresWatch::age).toList()),
        graph(
            "Put aside",
            stores.deadLetterQueues().values().stream().map(StoresWatch::waiting).toList()),
        graph("Clicks dropped", services.droppedClicks()));
    title("Stores");
    row(
        graph(
            "DynamoDB: turned away",
            stores.tables().entrySet().stream()
                .map(table -> StoresWatch.throttled(table.getKey(), table.getValue()))
                .toList()),
        graph("Aurora: use, %", stores.auroraUse()),
        graph("Cache: memory, %", stores.cacheMemory()),
        graph("OpenSearch: writes rejected", stores.searchRejections()));
    title("Logs");
    row(graph("Lines shipped", logs.shipped()), graph("Lines put aside", logs.putAside()));
  }

  private static IWidget[] ofService(SpringService service) {
    var metrics = service.metrics();
    var load = MetricOptions.builder().statistic("Average").period(Duration.minutes(1)).build();
    var use =
        graph(
            "CPU and memory, %",
            service.service().metricCpuUtilization(load),
            service.service().metricMemoryUtilization(load));
    var tasks = graph("Tasks", metrics.runningTasks());
    return service.targetGroups().isEmpty()
        ? new IWidget[] {graph("Lines of level ERROR", metrics.errorLines()), use, tasks}
        : new IWidget[] {
          graph("Requests", metrics.requests()),
          graph("Failed, %", metrics.errorPercent()),
          graph("p99, s", metrics.slowest()),
          use,
          tasks
        };
  }

  private void title(String text) {
    dashboard.addWidgets(
        TextWidget.Builder.create().markdown("## " + text).width(WIDTH).height(1).build());
  }

  private void row(IWidget... widgets) {
    dashboard.addWidgets(widgets);
  }

  private static GraphWidget graph(String title, IMetric... metrics) {
    return graph(title, List.of(metrics));
  }

  private static GraphWidget graph(String title, List<? extends IMetric> metrics) {
    return GraphWidget.Builder.create().title(title).left(metrics).width(6).height(5).build();
  }
}
