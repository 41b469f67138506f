package dev.backline.infra.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import dev.backline.infra.Synthesis;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@ValueSource(strings = {"beta", "prod"})
class OpsStackTest {

  private final String env;
  private final String stack;

  OpsStackTest(String env) {
    this.env = env;
    this.stack = env + "-ops";
  }

  @Test
  void everyAlarmTellsSomebodyWhenItBeginsAndWhenItIsOver() {
    for (String each : List.of(stack, env + "-edgeops")) {
      assertThat(of(each, "AWS::CloudWatch::Alarm"))
          .isNotEmpty()
          .allSatisfy(
              alarm -> {
                assertThat(alarm.path("AlarmActions")).hasSize(1);
                assertThat(alarm.path("OKActions")).hasSize(1);
              });
      assertThat(of(each, "AWS::SNS::Subscription"))
          .extracting(subscription -> subscription.path("Endpoint").asString())
          .containsExactly(Organization.ALARM_EMAIL);
    }
  }

  @Test
  void alarmsAndEventsMayUseTheTopicAndNobodyWithoutTls() {
    var statements = only(stack, "AWS::SNS::TopicPolicy").at("/PolicyDocument/Statement");

    assertThat(statements)
        .anySatisfy(
            statement ->
                assertThat(statement.at("/Principal/Service").asString(""))
                    .isEqualTo("cloudwatch.amazonaws.com"))
        .anySatisfy(
            statement ->
                assertThat(statement.at("/Principal/Service").asString(""))
                    .isEqualTo("events.amazonaws.com"))
        .anySatisfy(
            statement -> {
              assertThat(statement.path("Effect").asString()).isEqualTo("Deny");
              assertThat(statement.at("/Condition/Bool/aws:SecureTransport").asString())
                  .isEqualTo("false");
            });
  }

  @Test
  void everyDeadLetterQueueRaisesAnAlarmWithItsFirstMessage() {
    for (String queue : List.of("clicks-dlq", "campaign-changes-dlq")) {
      var alarm = alarm(queue);
      assertThat(alarm.path("MetricName").asString())
          .isEqualTo("ApproximateNumberOfMessagesVisible");
      assertThat(alarm.path("Threshold").asInt()).isZero();
      assertThat(alarm.path("ComparisonOperator").asString()).isEqualTo("GreaterThanThreshold");
      assertThat(alarm.path("EvaluationPeriods").asInt()).isEqualTo(1);
    }
  }

  @Test
  void everyServiceRaisesAnAlarmWhenTasksAreMissingAlsoWhenNothingReports() {
    for (String service : List.of("be-api", "redirector", "event-worker")) {
      assertThat(alarm(service + "-tasks").path("TreatMissingData").asString())
          .isEqualTo("breaching");
    }
    assertThat(alarm("be-api-tasks").path("Threshold").asInt())
        .isEqualTo(config().services().beApi().minTasks());
  }

  @Test
  void metricsOfTheEdgeAreWatchedInTheirOwnRegion() {
    assertThat(
            Synthesis.get()
                .file("manifest.json")
                .at("/artifacts/" + env + "-edgeops/environment")
                .asString())
        .endsWith("/us-east-1");
    assertThat(of(env + "-edgeops", "AWS::CloudWatch::Alarm"))
        .extracting(alarm -> alarm.path("Namespace").asString())
        .contains("AWS/CloudFront", "AWS/WAFV2", "AWS/CertificateManager");
    assertThat(of(stack, "AWS::CloudWatch::Alarm"))
        .extracting(alarm -> alarm.path("Namespace").asString(""))
        .doesNotContain("AWS/CloudFront", "AWS/WAFV2");
  }

  @Test
  void whatEcsKillsOrRollsBackIsTold() {
    assertThat(of(stack, "AWS::Events::Rule"))
        .anySatisfy(
            rule ->
                assertThat(rule.at("/EventPattern/detail/containers/exitCode").toString())
                    .isEqualTo("[137,124]"))
        .anySatisfy(
            rule ->
                assertThat(rule.at("/EventPattern/detail/eventName/0").asString(""))
                    .isEqualTo("SERVICE_DEPLOYMENT_FAILED"));
  }

  @Test
  void theDashboardBeginsWithTheAlarmsAndShowsEveryService() {
    var body = only(stack, "AWS::CloudWatch::Dashboard").path("DashboardBody").toString();

    assertThat(body)
        .containsSubsequence(
            "\\\"type\\\":\\\"alarm\\\"",
            "## Edge",
            "## be-api",
            "## redirector",
            "## event-worker",
            "## Queues",
            "## Stores",
            "## Logs");
  }

  @Test
  void tracesAreGroupedAndSampledWithTheNumbersThatTheServicesHave() {
    var sampling = config().services().sampling();

    assertThat(of(stack, "AWS::XRay::SamplingRule"))
        .extracting(rule -> rule.at("/SamplingRule/Host").asString())
        .containsExactlyInAnyOrder(config().domain().web(), config().domain().origin());
    assertThat(of(stack, "AWS::XRay::SamplingRule"))
        .allSatisfy(
            rule -> {
              assertThat(rule.at("/SamplingRule/FixedRate").asDouble()).isEqualTo(sampling.rate());
              assertThat(rule.at("/SamplingRule/ReservoirSize").asInt())
                  .isEqualTo(sampling.reservoir());
            });
    assertThat(
            of(env + "-services", "AWS::ECS::TaskDefinition").stream()
                .map(JsonNode::toString)
                .filter(
                    task ->
                        task.contains(
                            "{\"Name\":\"BACKLINE_TRACING_SAMPLING_RATE\",\"Value\":\"%s\"}"
                                .formatted(sampling.rate()))))
        .hasSize(3);
    assertThat(of(stack, "AWS::XRay::Group"))
        .extracting(group -> group.path("GroupName").asString())
        .containsExactlyInAnyOrder(env + "-faults", env + "-slow");
  }

  @Test
  void moneyIsToldOfBeforeItIsSpent() {
    var budget = only(stack, "AWS::Budgets::Budget");

    assertThat(budget.at("/Budget/BudgetLimit/Amount").asInt()).isEqualTo(config().monthlyBudget());
    assertThat(budget.path("NotificationsWithSubscribers"))
        .extracting(notice -> notice.at("/Notification/NotificationType").asString())
        .containsExactlyInAnyOrder("ACTUAL", "FORECASTED");
  }

  @Test
  void theLogOfEveryServiceIsShipped() {
    assertThat(of(stack, "AWS::Logs::SubscriptionFilter"))
        .hasSize(3)
        .allSatisfy(
            filter -> {
              assertThat(filter.path("FilterPattern").asString()).isEmpty();
              assertThat(filter.path("DestinationArn").toString()).contains("LogShippingShipper");
            });
  }

  @Test
  void logsAreShippedFromTheManagementNetwork() {
    assertThat(of(stack, "AWS::Lambda::Function"))
        .hasSize(2)
        .allSatisfy(
            function -> {
              assertThat(function.at("/VpcConfig/SubnetIds").toString())
                  .contains("\"StackName\":\"management\"", "PrivateSubnet")
                  .doesNotContain("PublicSubnet");
              assertThat(function.at("/VpcConfig/SecurityGroupIds").toString())
                  .contains("\"StackName\":\"management\"");
              assertThat(function.at("/Environment/Variables/SEARCH_ENDPOINT").toString())
                  .contains(env + "-database");
            });
  }

  @Test
  void theQueueBeforeOpenSearchIsBoundedInLengthInTimeAndInHaste() {
    var shipper =
        of(stack, "AWS::Lambda::Function").stream()
            .filter(function -> function.path("Handler").asString().equals("ship-logs.handler"))
            .findFirst()
            .orElseThrow();
    var queue = only(stack, "AWS::Lambda::EventInvokeConfig");

    assertThat(shipper.path("ReservedConcurrentExecutions").asInt()).isBetween(1, 5);
    assertThat(queue.path("MaximumEventAgeInSeconds").asInt()).isEqualTo(3600);
    assertThat(queue.path("MaximumRetryAttempts").asInt()).isEqualTo(2);
    assertThat(queue.at("/DestinationConfig/OnFailure/Destination").toString())
        .contains("DeadLetters");
  }

  @Test
  void noLineIsLostWithoutAnAlarm() {
    for (String name : List.of("logs-put-aside", "logs-failing")) {
      assertThat(alarm(name).path("Threshold").asInt()).isZero();
      assertThat(alarm(name).path("EvaluationPeriods").asInt()).isEqualTo(1);
    }
  }

  @Test
  void theShipperMayWriteTheLogsOfItsEnvironmentAndNothingElse() {
    var statements =
        of(stack, "AWS::IAM::Policy").stream()
            .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
            .filter(statement -> statement.path("Action").toString().contains("es:"))
            .toList();

    assertThat(statements)
        .extracting(
            statement ->
                statement.path("Action").asString() + " " + statement.path("Resource").asString())
        .containsExactlyInAnyOrder("es:ESHttpPost " + indices(), "es:ESHttpDelete " + indices());
    assertThat(domainName()).isEqualTo("backline-" + env);
  }

  private String indices() {
    return "arn:aws:es:ap-northeast-2:%s:domain/%s/logs-*"
        .formatted(Organization.ACCOUNT, domainName());
  }

  private String domainName() {
    return only(env + "-database", "AWS::OpenSearchService::Domain").path("DomainName").asString();
  }

  private EnvConfig config() {
    return EnvConfig.named(env);
  }

  private JsonNode alarm(String name) {
    return Stream.of(stack, env + "-edgeops")
        .flatMap(each -> of(each, "AWS::CloudWatch::Alarm").stream())
        .filter(alarm -> alarm.path("AlarmName").asString().equals(env + "-" + name))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> of(String stack, String type) {
    return Synthesis.get().resources(stack, type).values().stream()
        .map(resource -> resource.path("Properties"))
        .toList();
  }

  private static JsonNode only(String stack, String type) {
    assertThat(of(stack, type)).hasSize(1);
    return of(stack, type).getFirst();
  }
}
