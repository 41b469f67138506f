package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import java.util.List;
import java.util.Locale;
import software.amazon.awscdk.services.xray.CfnGroup;
import software.amazon.awscdk.services.xray.CfnGroup.InsightsConfigurationProperty;
import software.amazon.awscdk.services.xray.CfnSamplingRule;
import software.amazon.awscdk.services.xray.CfnSamplingRule.SamplingRuleProperty;
import software.constructs.Construct;

/**
 * X-Ray's view of an environment. Both environments' traces are in one account, and told apart by
 * the hosts that CloudFront asks.
 *
 * <p>The services sample by themselves, with the numbers that they are given (libs/xray-tracing
 * does not read rules). The rules have the same numbers, for everything that does read them.
 */
final class Tracing extends Construct {

  private static final int SLOW_SECONDS = 1;

  private final EnvConfig env;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  Tracing(Construct scope, EnvConfig env) {
    this.env = env;
    super(scope, "Tracing");
    group("Faults", "fault = true");
    group("Slow", "responsetime > " + SLOW_SECONDS);
    rule("Api", 100, env.domain().web());
    rule("Links", 101, env.domain().origin());
  }

  private void group(String id, String condition) {
    var hosts =
        List.of(env.domain().web(), env.domain().origin()).stream()
            .map("http.url CONTAINS \"//%s/\""::formatted)
            .toList();
    CfnGroup.Builder.create(this, id)
        .groupName(env.name() + "-" + id.toLowerCase(Locale.ROOT))
        .filterExpression("%s AND (%s)".formatted(condition, String.join(" OR ", hosts)))
        .insightsConfiguration(
            InsightsConfigurationProperty.builder()
                .insightsEnabled(true)
                .notificationsEnabled(false)
                .build())
        .build();
  }

  private void rule(String id, int priority, String host) {
    CfnSamplingRule.Builder.create(this, id)
        .samplingRule(
            SamplingRuleProperty.builder()
                .ruleName(env.name() + "-" + id.toLowerCase(Locale.ROOT))
                .priority(priority)
                .host(host)
                .reservoirSize(env.services().sampling().reservoir())
                .fixedRate(env.services().sampling().rate())
                .serviceName("*")
                .serviceType("*")
                .httpMethod("*")
                .urlPath("*")
                .resourceArn("*")
                .version(1)
                .build())
        .build();
  }
}
