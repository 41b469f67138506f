package dev.backline.infra.services;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Synthesis;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@ValueSource(strings = {"beta", "prod"})
class ServicesStackTest {

  private final String env;
  private final String stack;

  ServicesStackTest(String env) {
    this.env = env;
    this.stack = env + "-services";
  }

  @Test
  void theLoadBalancerLetsInCloudFrontOnly() {
    var rules =
        Synthesis.get()
            .resources(env + "-network", "AWS::EC2::SecurityGroupIngress")
            .values()
            .stream()
            .map(rule -> rule.path("Properties"))
            .filter(rule -> rule.at("/GroupId/Fn::GetAtt/0").asString().startsWith("Alb"));

    assertThat(rules)
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.path("SourcePrefixListId").asString()).isEqualTo("pl-22a6434b");
              assertThat(rule.path("FromPort").asInt()).isEqualTo(443);
              assertThat(rule.path("ToPort").asInt()).isEqualTo(443);
            });
    assertThat(only("AWS::ElasticLoadBalancingV2::LoadBalancer").path("SecurityGroups"))
        .singleElement()
        .satisfies(group -> assertThat(group.toString()).contains("AlbSecurityGroup"));
    assertThat(of("AWS::EC2::SecurityGroupIngress")).isEmpty();
  }

  @Test
  void whoDoesNotKnowTheSecretOfTheDistributionsIsTurnedAway() {
    var secret = "{{resolve:secretsmanager:%s/origin-header:SecretString:::}}".formatted(env);

    assertThat(of("AWS::ElasticLoadBalancingV2::Listener"))
        .singleElement()
        .satisfies(
            listener -> {
              assertThat(listener.path("Protocol").asString()).isEqualTo("HTTPS");
              assertThat(listener.path("Port").asInt()).isEqualTo(443);
              assertThat(listener.path("SslPolicy").asString()).contains("TLS13");
              assertThat(listener.path("DefaultActions")).hasSize(1);
              assertThat(listener.at("/DefaultActions/0/FixedResponseConfig/StatusCode").asString())
                  .isEqualTo("403");
            });
    assertThat(of("AWS::ElasticLoadBalancingV2::ListenerRule"))
        .hasSize(3)
        .allSatisfy(rule -> assertThat(headers(rule)).contains(entry("x-origin-verify", secret)));
  }

  @Test
  void theLoadBalancerStandsInPublicSubnetsAndKeepsALog() {
    var balancer = only("AWS::ElasticLoadBalancingV2::LoadBalancer");
    var attributes = attributes(balancer.path("LoadBalancerAttributes"));

    assertThat(balancer.path("Scheme").asString()).isEqualTo("internet-facing");
    assertThat(balancer.path("Subnets").toString())
        .contains("PublicSubnet")
        .doesNotContain("Private");
    assertThat(attributes)
        .containsEntry("idle_timeout.timeout_seconds", "60")
        .containsEntry("routing.http.drop_invalid_header_fields.enabled", "true")
        .containsEntry("access_logs.s3.enabled", "true")
        .containsEntry("deletion_protection.enabled", String.valueOf(config().protect()));
  }

  @Test
  void requestsFindTheirServiceByHostAndPath() {
    assertThat(
            of("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                .map(rule -> condition(rule, "host-header") + condition(rule, "path-pattern")))
        .containsExactlyInAnyOrder(
            config().domain().web() + "/api/*",
            config().domain().web() + "/api/*",
            config().domain().origin() + "/*");
  }

  @Test
  void everyTaskHasAnArm64PlatformARoleOfItsOwnAndAddressesInPrivateSubnetsOnly() {
    assertThat(of("AWS::ECS::TaskDefinition"))
        .hasSize(3)
        .allSatisfy(
            task -> {
              assertThat(task.at("/RuntimePlatform/CpuArchitecture").asString()).isEqualTo("ARM64");
              assertThat(task.path("TaskRoleArn")).isNotEqualTo(task.path("ExecutionRoleArn"));
            })
        .extracting(task -> task.path("TaskRoleArn"))
        .doesNotHaveDuplicates();
    assertThat(of("AWS::ECS::Service"))
        .hasSize(3)
        .allSatisfy(
            service -> {
              var network = service.at("/NetworkConfiguration/AwsvpcConfiguration");
              assertThat(network.path("AssignPublicIp").asString()).isEqualTo("DISABLED");
              assertThat(network.path("Subnets").toString())
                  .contains("PrivateSubnet")
                  .doesNotContain("Public", "Isolated");
            });
  }

  @Test
  void aContainerIsNamedLikeItsServiceAndGetsThirtySecondsToStop() {
    assertThat(applications().keySet())
        .containsExactlyInAnyOrder("be-api", "redirector", "event-worker");
    assertThat(applications().values())
        .allSatisfy(container -> assertThat(container.path("StopTimeout").asInt()).isEqualTo(30));
  }

  @Test
  void aContainerWritesToTmpOnly() {
    assertThat(containers())
        .allSatisfy(
            container -> assertThat(container.path("ReadonlyRootFilesystem").asBoolean()).isTrue());
    assertThat(applications().values())
        .allSatisfy(
            container -> {
              assertThat(container.at("/LinuxParameters/Tmpfs")).hasSize(1);
              assertThat(container.at("/LinuxParameters/Tmpfs/0/ContainerPath").asString())
                  .isEqualTo("/tmp");
            });
  }

  @Test
  void aTaskThatHangsIsReplacedAndOneWhoseDependencyIsAwayIsNot() {
    assertThat(applications().values())
        .allSatisfy(
            container ->
                assertThat(texts(container.at("/HealthCheck/Command")))
                    .containsExactly("CMD", "java", "@/app/health", "/livez"));
    assertThat(of("AWS::ElasticLoadBalancingV2::TargetGroup"))
        .allSatisfy(
            group -> assertThat(group.path("HealthCheckPath").asString()).isEqualTo("/readyz"));
  }

  @Test
  void theXRayDaemonBeginsBeforeTheServiceAndEndsAfterIt() {
    assertThat(applications().values())
        .allSatisfy(
            container -> {
              assertThat(container.at("/DependsOn/0/ContainerName").asString())
                  .isEqualTo("xray-daemon");
              assertThat(container.at("/DependsOn/0/Condition").asString()).isEqualTo("START");
            });
    assertThat(containers().filter(container -> !isApplication(container)))
        .hasSize(3)
        .allSatisfy(
            daemon -> {
              assertThat(daemon.path("Essential").asBoolean()).isFalse();
              assertThat(daemon.at("/PortMappings/0/ContainerPort").asInt()).isEqualTo(2000);
              assertThat(daemon.at("/PortMappings/0/Protocol").asString()).isEqualTo("udp");
            });
  }

  @Test
  void passwordsAreReadWhenATaskStartsAndAreInNoTemplate() {
    assertThat(applications().values())
        .flatExtracting(container -> names(container.path("Environment")))
        .isNotEmpty()
        .noneMatch(name -> name.contains("PASSWORD") || name.contains("USERNAME"))
        .noneMatch(name -> name.contains("ACCESS_KEY"));
    assertThat(names(requireNonNull(applications().get("be-api")).path("Secrets")))
        .containsExactlyInAnyOrder(
            "SPRING_DATASOURCE_USERNAME",
            "SPRING_DATASOURCE_PASSWORD",
            "SPRING_DATA_REDIS_USERNAME",
            "SPRING_DATA_REDIS_PASSWORD");
    assertThat(names(requireNonNull(applications().get("event-worker")).path("Secrets"))).isEmpty();
  }

  @Test
  void aLogThatIsSlowHoldsUpNoRequest() {
    assertThat(containers())
        .allSatisfy(
            container ->
                assertThat(container.at("/LogConfiguration/Options/mode").asString())
                    .isEqualTo("non-blocking"));
    assertThat(
            of("AWS::Logs::LogGroup").stream()
                .map(group -> group.path("LogGroupName").asString(""))
                .filter(name -> !name.isEmpty()))
        .containsExactlyInAnyOrder(
            "/backline/%s/be-api".formatted(env),
            "/backline/%s/redirector".formatted(env),
            "/backline/%s/event-worker".formatted(env));
  }

  @Test
  void theCircuitBreakerAndAnAlarmRollBackEveryService() {
    var alarms =
        of("AWS::CloudWatch::Alarm").stream().map(a -> a.path("AlarmName").asString()).toList();

    assertThat(of("AWS::ECS::Service"))
        .allSatisfy(
            service -> {
              var deployment = service.path("DeploymentConfiguration");
              for (String kind : List.of("DeploymentCircuitBreaker", "Alarms")) {
                assertThat(deployment.path(kind).path("Enable").asBoolean()).isTrue();
                assertThat(deployment.path(kind).path("Rollback").asBoolean()).isTrue();
              }
              assertThat(texts(deployment.at("/Alarms/AlarmNames")))
                  .hasSize(1)
                  .allMatch(alarms::contains);
            });
    assertThat(Synthesis.get().resources(stack, "AWS::ECS::Service").values())
        .allSatisfy(
            service ->
                assertThat(texts(service.path("DependsOn")))
                    .anyMatch(id -> id.contains("DeploymentAlarm")));
  }

  @Test
  void beApiIsBlueGreenAndTheCacheIsClearedBeforeTheSwapAndAfterIt() {
    var deployment = service("be-api").path("DeploymentConfiguration");

    assertThat(deployment.path("Strategy").asString()).isEqualTo("BLUE_GREEN");
    assertThat(deployment.path("BakeTimeInMinutes").asInt()).isPositive();
    assertThat(deployment.path("LifecycleHooks")).hasSize(1);
    var hook = deployment.at("/LifecycleHooks/0");
    assertThat(texts(hook.path("LifecycleStages")))
        .containsExactly(
            "PRE_PRODUCTION_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT",
            "POST_PRODUCTION_TRAFFIC_SHIFT");
    assertThat(hook.at("/TimeoutConfiguration/Action").asString()).isEqualTo("CONTINUE");
    var function = only("AWS::Lambda::Function");
    assertThat(function.path("Handler").asString()).isEqualTo("invalidate-cache.handler");
    assertThat(function.at("/Environment/Variables/PATHS").asString())
        .isEqualTo("/api/* /campaigns/*");
    assertThat(function.at("/Environment/Variables/DISTRIBUTION_ID").toString())
        .contains(env + "-cdn");
  }

  @Test
  void theRedirectorIsACanary() {
    var deployment = service("redirector").path("DeploymentConfiguration");

    assertThat(deployment.path("Strategy").asString()).isEqualTo("CANARY");
    assertThat(deployment.at("/CanaryConfiguration/CanaryPercent").asInt()).isEqualTo(10);
    assertThat(deployment.at("/CanaryConfiguration/CanaryBakeTimeInMinutes").asInt()).isEqualTo(10);
  }

  @Test
  void theEventWorkerIsReplacedTaskByTask() {
    var deployment = service("event-worker").path("DeploymentConfiguration");

    assertThat(deployment.path("Strategy").asString()).isEqualTo("ROLLING");
    assertThat(deployment.path("MinimumHealthyPercent").asInt()).isEqualTo(50);
    assertThat(deployment.path("MaximumPercent").asInt()).isEqualTo(200);
    assertThat(service("event-worker").path("LoadBalancers")).isEmpty();
  }

  @Test
  void aRuleNamesBothTargetGroupsSinceEcsOnlyMovesWeights() {
    assertThat(of("AWS::ElasticLoadBalancingV2::ListenerRule"))
        .allSatisfy(
            rule ->
                assertThat(
                        rule.at("/Actions/0/ForwardConfig/TargetGroups")
                            .valueStream()
                            .map(group -> group.path("Weight").asInt()))
                    .containsExactly(1, 0));
    for (String name : List.of("be-api", "redirector")) {
      var advanced = service(name).at("/LoadBalancers/0/AdvancedConfiguration");
      assertThat(advanced.has("AlternateTargetGroupArn")).isTrue();
      assertThat(advanced.has("ProductionListenerRule")).isTrue();
    }
  }

  @Test
  void onlyWhoKnowsTheSecretReachesAVersionThatIsBeingTested() {
    assertThat(
            of("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                .filter(rule -> headers(rule).containsKey("x-test-traffic")))
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(headers(rule).get("x-test-traffic"))
                  .isEqualTo(headers(rule).get("x-origin-verify"));
              assertThat(
                      of("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
                          .mapToInt(other -> other.path("Priority").asInt())
                          .min())
                  .hasValue(rule.path("Priority").asInt());
            });
  }

  @Test
  void alarmsOfADeploymentAddUpBlueAndGreen() {
    for (String name : List.of("be-api", "redirector")) {
      var alarm =
          of("AWS::CloudWatch::Alarm").stream()
              .filter(a -> a.path("AlarmName").asString().equals(env + "-" + name + "-deployment"))
              .findFirst()
              .orElseThrow();
      var groups = new TreeSet<String>();
      for (var metric : alarm.path("Metrics")) {
        metric
            .at("/MetricStat/Metric/Dimensions")
            .valueStream()
            .filter(dimension -> dimension.path("Name").asString().equals("TargetGroup"))
            .forEach(dimension -> groups.add(dimension.path("Value").toString()));
      }
      assertThat(groups).hasSize(2);
    }
  }

  @Test
  void everyServiceScalesOnCpu() {
    assertThat(
            policies()
                .filter(
                    policy ->
                        policy
                            .at("/PredefinedMetricSpecification/PredefinedMetricType")
                            .asString("")
                            .equals("ECSServiceAverageCPUUtilization")))
        .hasSize(3);
  }

  @Test
  void servicesWithRequestsScaleOnThemWhicheverTargetGroupHasTheTraffic() {
    assertThat(policies().filter(policy -> metrics(policy).contains("RequestCountPerTarget")))
        .hasSize(2)
        .allSatisfy(
            policy ->
                assertThat(metrics(policy))
                    .containsExactly("RequestCountPerTarget", "RequestCountPerTarget"));
  }

  @Test
  void theWorkerScalesOnTheMessagesThatWaitPerTask() {
    assertThat(
            policies()
                .filter(policy -> metrics(policy).contains("ApproximateNumberOfMessagesVisible")))
        .hasSize(2)
        .allSatisfy(
            policy -> {
              assertThat(metrics(policy))
                  .containsExactly("ApproximateNumberOfMessagesVisible", "RunningTaskCount");
              assertThat(
                      policy.at("/CustomizedMetricSpecification/Metrics/2/Expression").asString())
                  .isEqualTo("waiting / tasks");
            });
  }

  @Test
  void aDeploymentKeepsTheNumberOfTasksThatScalingHasFound() {
    assertThat(of("AWS::ECS::Service"))
        .allSatisfy(service -> assertThat(service.has("DesiredCount")).isFalse());
    assertThat(of("AWS::ApplicationAutoScaling::ScalableTarget"))
        .extracting(target -> target.path("MinCapacity").asInt())
        .containsExactlyInAnyOrder(
            config().services().beApi().minTasks(),
            config().services().redirector().minTasks(),
            config().services().eventWorker().minTasks());
  }

  @Test
  void imagesAreThoseOfTheVersionThatIsDeployed() {
    assertThat(applications())
        .allSatisfy(
            (name, container) ->
                assertThat(container.path("Image").toString())
                    .contains("Images" + name.replace("-", ""))
                    .contains(":0.1.0"));
  }

  @Test
  void theServicesKnowTheNamesOfTheirEnvironmentOnly() {
    assertThat(variables("be-api"))
        .containsEntry("BACKLINE_SHORT_LINKS_BASE_URL", "https://" + config().domain().shortLinks())
        .containsEntry(
            "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI", config().services().issuer());
    assertThat(variables("redirector").get("BACKLINE_REDIRECTOR_TRUSTED_PROXIES"))
        .as("the load balancer's subnets")
        .matches("(\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+,?){%d}".formatted(config().zones()));
    assertThat(variables("event-worker"))
        .containsEntry("BACKLINE_EDGE_INVALIDATION_ENABLED", "true");
    String other = env.equals("beta") ? "prod" : "beta";
    assertThat(Synthesis.get().json(stack).toString()).doesNotContain("\"" + other + "-");
  }

  @Test
  void betaIsOnSpareCapacityAndProdIsNot() {
    assertThat(of("AWS::ECS::Service"))
        .extracting(
            service -> service.at("/CapacityProviderStrategy/0/CapacityProvider").asString())
        .containsOnly(env.equals("beta") ? "FARGATE_SPOT" : "FARGATE");
  }

  private EnvConfig config() {
    return EnvConfig.named(env);
  }

  private List<JsonNode> of(String type) {
    return Synthesis.get().resources(stack, type).values().stream()
        .map(resource -> resource.path("Properties"))
        .toList();
  }

  private JsonNode only(String type) {
    assertThat(of(type)).hasSize(1);
    return of(type).getFirst();
  }

  private JsonNode service(String name) {
    return of("AWS::ECS::Service").stream()
        .filter(service -> service.path("ServiceName").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Stream<JsonNode> containers() {
    return of("AWS::ECS::TaskDefinition").stream()
        .flatMap(task -> task.path("ContainerDefinitions").valueStream());
  }

  private Map<String, JsonNode> applications() {
    return containers()
        .filter(ServicesStackTest::isApplication)
        .collect(toMap(container -> container.path("Name").asString(), container -> container));
  }

  private static boolean isApplication(JsonNode container) {
    return container.path("Essential").asBoolean();
  }

  private Map<String, String> variables(String service) {
    return requireNonNull(applications().get(service))
        .path("Environment")
        .valueStream()
        .collect(
            toMap(
                variable -> variable.path("Name").asString(),
                variable -> variable.path("Value").asString("")));
  }

  private Stream<JsonNode> policies() {
    return of("AWS::ApplicationAutoScaling::ScalingPolicy").stream()
        .map(policy -> policy.path("TargetTrackingScalingPolicyConfiguration"));
  }

  private static List<String> metrics(JsonNode policy) {
    return policy
        .at("/CustomizedMetricSpecification/Metrics")
        .valueStream()
        .map(metric -> metric.at("/MetricStat/Metric/MetricName").asString(""))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Map<String, String> headers(JsonNode rule) {
    return rule.path("Conditions")
        .valueStream()
        .filter(condition -> condition.has("HttpHeaderConfig"))
        .map(condition -> condition.path("HttpHeaderConfig"))
        .collect(
            toMap(
                header -> header.path("HttpHeaderName").asString(),
                header -> header.at("/Values/0").asString()));
  }

  private static String condition(JsonNode rule, String field) {
    return rule.path("Conditions")
        .valueStream()
        .filter(condition -> condition.path("Field").asString().equals(field))
        .map(condition -> condition.findValue("Values").path(0).asString())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> attributes(JsonNode list) {
    return list.valueStream()
        .collect(
            toMap(
                attribute -> attribute.path("Key").asString(),
                attribute -> attribute.path("Value").asString("")));
  }

  private static Collection<String> names(JsonNode list) {
    return list.valueStream().map(entry -> entry.path("Name").asString()).toList();
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }
}
