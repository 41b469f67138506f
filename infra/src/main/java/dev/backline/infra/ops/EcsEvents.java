package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.alarms.Runbook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.events.EventField;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Match;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.RuleTargetInput;
import software.amazon.awscdk.services.events.targets.SnsTopic;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** What ECS tells that no metric does. */
final class EcsEvents extends Construct {

  /** 137: killed by SIGKILL. 124: the service says that its deadline cut something off. */
  private static final List<Integer> UNCLEAN = List.of(137, 124);

  private final EnvConfig env;
  private final ITopic topic;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  EcsEvents(Construct scope, EnvConfig env, ITopic topic) {
    this.env = env;
    this.topic = topic;
    super(scope, "EcsEvents");
    var failed = new LinkedHashMap<String, Object>();
    failed.put("eventName", List.of("SERVICE_DEPLOYMENT_FAILED"));
    tell(
        "DeploymentFailed",
        EventPattern.builder()
            .source(List.of("aws.ecs"))
            .detailType(List.of("ECS Deployment State Change"))
            .resources(
                Match.prefix(
                    "arn:aws:ecs:%s:%s:service/%s/"
                        .formatted(env.region(), env.account(), env.name())))
            .detail(failed)
            .build(),
        "A deployment of %s failed: %s"
            .formatted(
                EventField.fromPath("$.resources[0]"), EventField.fromPath("$.detail.reason")),
        Runbook.DEPLOYMENT_ROLLED_BACK);
    var stopped = new LinkedHashMap<String, Object>();
    stopped.put(
        "clusterArn",
        List.of("arn:aws:ecs:%s:%s:cluster/%s".formatted(env.region(), env.account(), env.name())));
    stopped.put("lastStatus", List.of("STOPPED"));
    stopped.put("containers", Map.of("exitCode", UNCLEAN));
    tell(
        "UncleanStop",
        EventPattern.builder()
            .source(List.of("aws.ecs"))
            .detailType(List.of("ECS Task State Change"))
            .detail(stopped)
            .build(),
        "A task of %s did not end in time: %s"
            .formatted(
                EventField.fromPath("$.detail.group"),
                EventField.fromPath("$.detail.stoppedReason")),
        Runbook.UNCLEAN_STOP);
  }

  private void tell(String id, EventPattern pattern, String what, Runbook runbook) {
    Rule.Builder.create(this, id)
        .description("Tells of it. Runbook: " + runbook.url())
        .eventPattern(pattern)
        .targets(
            List.of(
                SnsTopic.Builder.create(topic)
                    .message(
                        RuleTargetInput.fromText(
                            "%s: %s. Runbook: %s".formatted(env.name(), what, runbook.url())))
                    .build()))
        .build();
  }
}
