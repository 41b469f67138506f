package dev.backline.infra.ops;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.alarms.AlarmTopic;
import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.alarms.Runbook;
import dev.backline.infra.alarms.When;
import dev.backline.infra.cdn.CdnStack;
import dev.backline.infra.edge.EdgeStack;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.cloudfront.IDistribution;

/** {@code <env>-edgeops}: alarms of the edge, in us-east-1, where alone its metrics are. */
public final class EdgeOpsStack extends BacklineStack {

  private static final double MAX_ERROR_PERCENT = 1;

  /** In five minutes: an attack, or a rule that takes visitors for one. */
  private static final double MANY_BLOCKED = 1_000;

  public EdgeOpsStack(App app, EnvConfig env, EdgeStack edge, CdnStack cdn) {
    super(app, env, "edgeops", EnvConfig.EDGE_REGION);
    var alarms = new Alarms(this, env, new AlarmTopic(this, env).topic());
    Map<String, IDistribution> distributions = new LinkedHashMap<>();
    distributions.put("web", cdn.webDistribution());
    distributions.put("short-links", cdn.shortLinkDistribution());
    distributions.forEach(
        (name, distribution) ->
            alarms.raise(
                name + "-edge-errors",
                Runbook.EDGE_ERRORS,
                "CloudFront answers more than %s %% of the requests to %s with errors."
                    .formatted(MAX_ERROR_PERCENT, name),
                When.above(MAX_ERROR_PERCENT, 2, EdgeMetrics.errorPercent(distribution))));
    alarms.raise(
        "firewall-blocks",
        Runbook.FIREWALL_BLOCKS,
        "The firewall turns many requests away.",
        When.above(MANY_BLOCKED, 2, EdgeMetrics.blocked(env)));
    alarms.raise(
        "edge-certificate",
        Runbook.CERTIFICATE_EXPIRY,
        "CloudFront's certificate has not been renewed.",
        When.below(
            Certificates.DAYS_LEFT,
            1,
            Certificates.daysLeft(edge.certificate().getCertificateArn())));
  }
}
