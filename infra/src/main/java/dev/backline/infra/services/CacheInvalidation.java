package dev.backline.infra.services;

import dev.backline.infra.functions.NodeFunction;
import java.util.LinkedHashMap;
import java.util.List;
import software.amazon.awscdk.services.cloudfront.IDistribution;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.ecs.DeploymentLifecycleLambdaTarget;
import software.amazon.awscdk.services.ecs.DeploymentLifecycleStage;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * Makes CloudFront forget the answers of the version that leaves: before the traffic moves, and
 * after it, since the cache fills again from the old version in between. PRODUCTION_TRAFFIC_SHIFT
 * is the only stage that ECS calls in a rollback; the function does nothing there on the way
 * forward.
 */
final class CacheInvalidation extends Construct {

  private static final List<String> STAGES =
      List.of(
          "PRE_PRODUCTION_TRAFFIC_SHIFT",
          "PRODUCTION_TRAFFIC_SHIFT",
          "POST_PRODUCTION_TRAFFIC_SHIFT");

  /** Then the deployment goes on: pages live for minutes, and CloudFront may be away for hours. */
  private static final int TIMEOUT_MINUTES = 15;

  private final NodeFunction function;
  private final Role caller;

  /**
   * @param paths what the service's answers are part of
   */
  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  CacheInvalidation(Construct scope, IDistribution distribution, List<String> paths) {
    super(scope, "CacheInvalidation");
    var settings = new LinkedHashMap<String, String>();
    settings.put("DISTRIBUTION_ID", distribution.getDistributionId());
    settings.put("PATHS", String.join(" ", paths));
    function = new NodeFunction(this, "Hook", "invalidate-cache", settings, builder -> {});
    function.allow(
        PolicyStatement.Builder.create()
            .actions(List.of("cloudfront:CreateInvalidation"))
            .resources(List.of(distribution.getDistributionArn()))
            .build());
    caller =
        Role.Builder.create(this, "Caller")
            .assumedBy(new ServicePrincipal("ecs.amazonaws.com"))
            .build();
    caller.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("lambda:InvokeFunction"))
            .resources(List.of(function.function().getFunctionArn()))
            .build());
  }

  void during(FargateService service) {
    service.addLifecycleHook(
        DeploymentLifecycleLambdaTarget.Builder.create(function.function(), "InvalidateCache")
            .role(caller)
            .lifecycleStages(List.of(DeploymentLifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT))
            .build());
    // The CDK does not know the stage before the shift yet (2.271.0), nor the time-out.
    var resource = (CfnService) service.getNode().findChild("Service");
    String hook = "DeploymentConfiguration.LifecycleHooks.0.";
    resource.addPropertyOverride(hook + "LifecycleStages", STAGES);
    var timeout = new LinkedHashMap<String, Object>();
    timeout.put("Action", "CONTINUE");
    timeout.put("TimeoutInMinutes", TIMEOUT_MINUTES);
    resource.addPropertyOverride(hook + "TimeoutConfiguration", timeout);
  }
}
