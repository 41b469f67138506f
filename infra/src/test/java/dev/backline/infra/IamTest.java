package dev.backline.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class IamTest {

  /**
   * Actions that IAM cannot narrow to a resource, by AWS's service authorization reference. Each
   * other one names what it is for.
   */
  private static final Set<String> NOT_NARROWABLE =
      Set.of(
          "cloudwatch:DescribeAlarms",
          "cloudwatch:GetDashboard",
          "cloudwatch:GetMetricData",
          "cloudwatch:ListDashboards",
          "cloudwatch:ListMetrics",
          "ec2:DescribeInstances",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ecr:GetAuthorizationToken",
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
          "logs:DescribeLogGroups",
          "logs:GetQueryResults",
          "logs:StopQuery",
          "xray:BatchGetTraces",
          "xray:GetGroups",
          "xray:GetSamplingRules",
          "xray:GetSamplingStatisticSummaries",
          "xray:GetSamplingTargets",
          "xray:GetServiceGraph",
          "xray:GetTraceGraph",
          "xray:GetTraceSummaries",
          "xray:PutTelemetryRecords",
          "xray:PutTraceSegments");

  /**
   * What Lambda wants a role to be allowed everywhere, to connect a function to a network. A
   * statement denies it to the function's own code.
   */
  private static final Set<String> CONNECTING =
      Set.of(
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses");

  private record Statement(String where, JsonNode json) {

    boolean allows() {
      return json.path("Effect").asString().equals("Allow");
    }

    List<String> actions() {
      return texts(json.path("Action"));
    }

    List<String> resources() {
      return texts(json.path("Resource"));
    }

    @Override
    public String toString() {
      return where + " " + json;
    }
  }

  @Test
  void eachActionIsNamed() {
    assertThat(ofIdentities())
        .isNotEmpty()
        .filteredOn(Statement::allows)
        .allSatisfy(
            statement -> {
              assertThat(statement.json.has("NotAction")).isFalse();
              assertThat(statement.actions()).noneMatch(action -> action.contains("*"));
            });
  }

  @Test
  void eachResourceIsNamedUnlessIamCannot() {
    assertThat(ofIdentities())
        .filteredOn(Statement::allows)
        .filteredOn(statement -> statement.resources().contains("*"))
        .allSatisfy(
            statement ->
                assertThat(statement.actions())
                    .allMatch(
                        action -> NOT_NARROWABLE.contains(action) || CONNECTING.contains(action)));
  }

  @Test
  void nobodyIsTrustedWhomWeDoNotName() {
    assertThat(Synthesis.get().stacks())
        .allSatisfy(
            stack ->
                assertThat(Synthesis.get().resources(stack, "AWS::IAM::Role").values())
                    .allSatisfy(
                        role ->
                            assertThat(
                                    role.path("Properties")
                                        .path("AssumeRolePolicyDocument")
                                        .toString())
                                .doesNotContain("\"*\"")));
  }

  @Test
  void thereIsNoAccessKeyAndNobodyWhoCouldHaveOne() {
    for (var stack : Synthesis.get().stacks()) {
      for (var type : List.of("AWS::IAM::AccessKey", "AWS::IAM::User")) {
        assertThat(Synthesis.get().resources(stack, type)).as(stack).isEmpty();
      }
      assertThat(Synthesis.get().json(stack).toString())
          .as(stack)
          .doesNotContainPattern("(AKIA|ASIA)[A-Z0-9]{16}");
    }
  }

  @Test
  void membersOfAGroupCanDoNothingWithoutMfaButSetItUp() {
    var groups = Synthesis.get().resources("management", "AWS::IAM::Group").keySet();
    var denying =
        Synthesis.get().resources("management", "AWS::IAM::ManagedPolicy").values().stream()
            .map(policy -> policy.path("Properties"))
            .filter(
                policy ->
                    policy
                        .path("PolicyDocument")
                        .path("Statement")
                        .valueStream()
                        .anyMatch(IamTest::deniesWithoutMfa))
            .toList();

    assertThat(groups).hasSize(2);
    assertThat(denying)
        .singleElement()
        .satisfies(
            policy ->
                assertThat(policy.path("Groups"))
                    .extracting(group -> group.path("Ref").asString())
                    .containsExactlyInAnyOrderElementsOf(groups));
  }

  @Test
  void onlyOperatorsWorkInProdAndDeploy() {
    var policies = Synthesis.get().resources("management", "AWS::IAM::ManagedPolicy");

    assertThat(policies.entrySet())
        .filteredOn(policy -> policy.getKey().matches("People(Workprod|Deploy).*"))
        .hasSize(2)
        .allSatisfy(
            policy ->
                assertThat(policy.getValue().path("Properties").path("Groups"))
                    .singleElement()
                    .asString()
                    .contains("PeopleOperators"));
  }

  private static boolean deniesWithoutMfa(JsonNode statement) {
    return statement.path("Effect").asString().equals("Deny")
        && statement.path("Resource").asString().equals("*")
        && statement
            .path("Condition")
            .toString()
            .equals("{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"false\"}}")
        && texts(statement.path("NotAction")).stream()
            .allMatch(
                action -> action.matches("iam:.*(MFA|Password|GetUser).*|sts:GetSessionToken"));
  }

  /** The statements of all roles, users and groups of all stacks. */
  private static List<Statement> ofIdentities() {
    var statements = new ArrayList<Statement>();
    for (var stack : Synthesis.get().stacks()) {
      for (var type :
          List.of(
              "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::Group")) {
        Synthesis.get()
            .resources(stack, type)
            .forEach(
                (id, resource) -> {
                  var properties = resource.path("Properties");
                  Stream.concat(
                          Stream.of(properties.path("PolicyDocument")),
                          properties
                              .path("Policies")
                              .valueStream()
                              .map(policy -> policy.path("PolicyDocument")))
                      .flatMap(document -> document.path("Statement").valueStream())
                      .forEach(
                          statement -> statements.add(new Statement(stack + "/" + id, statement)));
                });
      }
    }
    return statements;
  }

  private static List<String> texts(JsonNode value) {
    return (value.isArray() ? value.valueStream() : Stream.of(value))
        .map(element -> element.isString() ? element.asString() : element.toString())
        .toList();
  }
}
