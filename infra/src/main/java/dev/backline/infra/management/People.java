package dev.backline.infra.management;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.Group;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;

/**
 * Groups of people, who are added to them by an administrator of the account. Without MFA a member
 * can do nothing but set it up. There are no users here, and so no access keys.
 *
 * <ul>
 *   <li>{@code backline-developers} see what happens in every environment, and work in beta.
 *   <li>{@code backline-operators} do so in every environment, and deploy.
 * </ul>
 */
final class People extends Construct {

  /** All that one can do without MFA: to see oneself, and to get an MFA device. */
  private static final List<String> WITHOUT_MFA =
      List.of(
          "iam:ChangePassword",
          "iam:CreateVirtualMFADevice",
          "iam:EnableMFADevice",
          "iam:GetAccountPasswordPolicy",
          "iam:GetUser",
          "iam:ListMFADevices",
          "iam:ListVirtualMFADevices",
          "iam:ResyncMFADevice",
          "sts:GetSessionToken");

  private final List<EnvConfig> environments;

  People(Construct scope, List<EnvConfig> environments) {
    this.environments = environments;
    super(scope, "People");
    var developers =
        Group.Builder.create(this, "Developers").groupName("backline-developers").build();
    var operators = Group.Builder.create(this, "Operators").groupName("backline-operators").build();

    ManagedPolicy.Builder.create(this, "Myself")
        .description("To manage one's own password and MFA device")
        .statements(List.of(myself(), myMfaDevice(), nothingWithoutMfa()))
        .groups(List.of(developers, operators))
        .build();
    ManagedPolicy.Builder.create(this, "Look")
        .description("Logs, metrics, alarms and traces of every environment")
        .statements(List.of(readLogs(), readQueryResults(), readMetricsAndTraces()))
        .groups(List.of(developers, operators))
        .build();
    for (var env : environments) {
      ManagedPolicy.Builder.create(this, "Work-" + env.name())
          .description("Bastion, database and dead-letter queues of " + env.name())
          .statements(List.of(findBastion(), logInToBastion(env), readDatabase(env), redrive(env)))
          .groups(env.protect() ? List.of(operators) : List.of(developers, operators))
          .build();
    }
    ManagedPolicy.Builder.create(this, "Deploy")
        .description("To deploy with the roles that the CDK has in the account")
        .statements(List.of(deploy()))
        .groups(List.of(operators))
        .build();
  }

  private static PolicyStatement myself() {
    return allow(
        List.of(
            "iam:ChangePassword",
            "iam:EnableMFADevice",
            "iam:GetUser",
            "iam:ListMFADevices",
            "iam:ResyncMFADevice"),
        List.of("arn:aws:iam::%s:user/${aws:username}".formatted(Organization.ACCOUNT)));
  }

  private static PolicyStatement myMfaDevice() {
    return allow(
        List.of("iam:CreateVirtualMFADevice"),
        List.of("arn:aws:iam::%s:mfa/${aws:username}".formatted(Organization.ACCOUNT)));
  }

  private static PolicyStatement nothingWithoutMfa() {
    return PolicyStatement.Builder.create()
        .sid("NothingWithoutMfa")
        .effect(Effect.DENY)
        .notActions(WITHOUT_MFA)
        .resources(List.of("*"))
        // A request signed with an access key says nothing of MFA, and is denied, too.
        .conditions(Map.of("BoolIfExists", Map.of("aws:MultiFactorAuthPresent", "false")))
        .build();
  }

  private PolicyStatement readLogs() {
    var groups = new ArrayList<String>();
    for (var env : environments) {
      groups.add(
          "arn:aws:logs:%s:%s:log-group:/backline/%s/*"
              .formatted(env.region(), env.account(), env.name()));
    }
    return allow(
        List.of(
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:StartQuery"),
        groups);
  }

  /** None of these actions can be narrowed to a resource. */
  private static PolicyStatement readQueryResults() {
    return allow(List.of("logs:GetQueryResults", "logs:StopQuery"), List.of("*"));
  }

  /** None of these actions can be narrowed to a resource. */
  private static PolicyStatement readMetricsAndTraces() {
    return allow(
        List.of(
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetDashboard",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListDashboards",
            "cloudwatch:ListMetrics",
            "logs:DescribeLogGroups",
            "xray:BatchGetTraces",
            "xray:GetGroups",
            "xray:GetServiceGraph",
            "xray:GetTraceGraph",
            "xray:GetTraceSummaries"),
        List.of("*"));
  }

  /** Its id changes with each new image; the action cannot be narrowed to a resource. */
  private static PolicyStatement findBastion() {
    return allow(List.of("ec2:DescribeInstances"), List.of("*"));
  }

  private static PolicyStatement logInToBastion(EnvConfig env) {
    var bastion = new LinkedHashMap<String, Object>();
    bastion.put("aws:ResourceTag/Name", "bastion");
    bastion.put("aws:ResourceTag/environment", env.name());
    bastion.put("ec2:osuser", "ec2-user");
    return PolicyStatement.Builder.create()
        .actions(List.of("ec2-instance-connect:SendSSHPublicKey"))
        .resources(List.of("arn:aws:ec2:%s:%s:instance/*".formatted(env.region(), env.account())))
        .conditions(Map.of("StringEquals", bastion))
        .build();
  }

  /**
   * By a token of IAM instead of a password, as a user of PostgreSQL that an operator creates once.
   * The id before its name is that of the cluster, which RDS chooses.
   */
  private static PolicyStatement readDatabase(EnvConfig env) {
    return allow(
        List.of("rds-db:connect"),
        List.of(
            "arn:aws:rds-db:%s:%s:dbuser:*/%s-people"
                .formatted(env.region(), env.account(), env.name())));
  }

  /** What SQS asks for to move messages out of a dead-letter queue. */
  private static PolicyStatement redrive(EnvConfig env) {
    return allow(
        List.of(
            "sqs:CancelMessageMoveTask",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ListMessageMoveTasks",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
            "sqs:StartMessageMoveTask"),
        Stream.of("campaign-changes", "campaign-changes-dlq", "clicks", "clicks-dlq")
            .map(
                queue ->
                    "arn:aws:sqs:%s:%s:%s%s"
                        .formatted(env.region(), env.account(), env.prefix(), queue))
            .toList());
  }

  private static PolicyStatement deploy() {
    var roles = new ArrayList<String>();
    for (var region : List.of(Organization.REGION, EnvConfig.EDGE_REGION)) {
      for (var role : List.of("deploy", "file-publishing", "lookup")) {
        roles.add(
            "arn:aws:iam::%s:role/cdk-hnb659fds-%s-role-%s-%s"
                .formatted(Organization.ACCOUNT, role, Organization.ACCOUNT, region));
      }
    }
    return allow(List.of("sts:AssumeRole"), roles);
  }

  private static PolicyStatement allow(List<String> actions, List<String> resources) {
    return PolicyStatement.Builder.create().actions(actions).resources(resources).build();
  }
}
