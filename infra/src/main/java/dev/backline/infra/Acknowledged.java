package dev.backline.infra;

import java.util.List;
import software.amazon.awscdk.Acknowledgment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Validations;

/** Every rule of cdk-nag and CloudFormation Validate that is broken on purpose, and why. */
final class Acknowledged {

  /**
   * @param stacks the whole name of each stack, as a regular expression
   * @param rule id as the finding tells it; {@code ${env}} and {@code ${account}} are filled in
   */
  private record Deviation(String stacks, String rule, String reason) {}

  private static final List<Deviation> DEVIATIONS =
      List.of(
          new Deviation(
              ".*-edge",
              "AwsSolutions-IAM5[Resource::arn:aws:logs:*:${account}:log-group:/aws/lambda/us-east-1.${env}-og-tags:*]",
              "A function at the edge logs in the region nearest to the viewer"),
          new Deviation(
              ".*-edge",
              "AwsSolutions-IAM5[Resource::arn:aws:logs:*:${account}:log-group:/aws/lambda/us-east-1.${env}-short-url:*]",
              "A function at the edge logs in the region nearest to the viewer"),
          new Deviation(
              ".*-edge",
              "AwsSolutions-IAM5[Resource::arn:aws:logs:*:${account}:log-group:/aws/lambda/us-east-1.${env}-thumbnail:*]",
              "A function at the edge logs in the region nearest to the viewer"),
          new Deviation(
              ".*-edge",
              "AwsSolutions-IAM5[Resource::arn:aws:s3:::backline-${env}-images-${account}/originals/*]",
              "Any picture may be asked for; the rest of the bucket may not"),
          new Deviation(
              ".*-edge",
              "AwsSolutions-IAM5[Resource::arn:aws:s3:::backline-${env}-images-${account}/thumbnails/*]",
              "A thumbnail's key has the picture's ETag; the rest of the bucket is out of reach"),
          new Deviation(
              ".*-cdn",
              "AwsSolutions-SMG4",
              "Two parties have to change the origin's header at once: infra/README.md says in which order"),
          new Deviation(".*-cdn", "AwsSolutions-CFR1", "Fans travel, and share links abroad"),
          new Deviation(
              ".*-cdn",
              "AwsSolutions-CFR3",
              "Logs are delivered by AWS::Logs::Delivery, which needs no ACL; the rule knows the older way only. CdnStackTest looks for them"),
          new Deviation(
              "management",
              "AwsSolutions-IAM5[Resource::*]",
              "Metrics, traces, results of log queries and lists of instances: actions that IAM cannot narrow to a resource"),
          new Deviation(
              "management",
              "AwsSolutions-IAM5[Resource::arn:aws:logs:ap-northeast-2:${account}:log-group:/backline/beta/*]",
              "Developers read the logs of every service of the environment, also of those that come"),
          new Deviation(
              "management",
              "AwsSolutions-IAM5[Resource::arn:aws:logs:ap-northeast-2:${account}:log-group:/backline/prod/*]",
              "Developers read the logs of every service of the environment, also of those that come"),
          new Deviation(
              "management",
              "AwsSolutions-IAM5[Resource::arn:aws:ec2:ap-northeast-2:${account}:instance/*]",
              "The bastion's id changes with each image; a condition narrows it to its tags"),
          new Deviation(
              "management",
              "AwsSolutions-IAM5[Resource::arn:aws:rds-db:ap-northeast-2:${account}:dbuser:*/beta-people]",
              "RDS chooses the id of the cluster; the name of the user has that of the environment"),
          new Deviation(
              "management",
              "AwsSolutions-IAM5[Resource::arn:aws:rds-db:ap-northeast-2:${account}:dbuser:*/prod-people]",
              "RDS chooses the id of the cluster; the name of the user has that of the environment"),
          new Deviation(
              ".*-network|management",
              "AwsSolutions-VPC3",
              "Network ACLs are asked for, beside the security groups"),
          new Deviation(
              ".*-network",
              "AwsSolutions-EC29",
              "The bastion is replaced by the newest image at a deployment, which termination protection would refuse"),
          new Deviation(
              ".*-database",
              "AwsSolutions-SMG4",
              "ECS hands a secret over when a task starts: a rotation by the clock would lock running tasks out"),
          new Deviation(
              ".*-database",
              "AwsSolutions-AEC6",
              "Users with passwords and rights of their own (RBAC) instead of one token that may everything"),
          new Deviation(
              ".*-database",
              "AwsSolutions-OS3",
              "The domain is in the VPC, where addresses come and go: security groups and signed requests decide"),
          new Deviation(
              ".*-database",
              "AwsSolutions-OS4",
              "Up to three data nodes elect a master among themselves; dedicated ones would double the price of beta"),
          new Deviation(
              "delivery|.*-services|.*-ops",
              "AwsSolutions-IAM5[Resource::*]",
              "ecr:GetAuthorizationToken, the X-Ray writes, the load balancer's Describe calls and a function's network interfaces have no resource to name. IamTest lists these actions"),
          new Deviation(
              ".*-ops",
              "AwsSolutions-S1",
              "One function writes to it, and people read it after an alarm: who did is in CloudTrail"),
          new Deviation(
              ".*-ops",
              "AwsSolutions-IAM5[Resource::arn:aws:es:ap-northeast-2:${account}:domain/backline-${env}/logs-*]",
              "An index for each day; those of the search stay out of reach"),
          new Deviation(
              ".*-ops",
              "AwsSolutions-IAM5[Resource::arn:aws:s3:::backline-${env}-unshipped-logs-${account}/refused/*]",
              "An object for each batch, with a key that is new"),
          new Deviation(
              ".*-ops",
              "AwsSolutions-IAM5[Resource::arn:aws:s3:::backline-${env}-unshipped-logs-${account}/aws/lambda/async/*]",
              "Lambda chooses the key of an event that it could not hand over"),
          new Deviation(
              ".*-services",
              "AwsSolutions-ECS2",
              "What stands there are names and addresses, to be seen in a review; secrets are read by ECS when a task starts"),
          new Deviation("beta-database", "AwsSolutions-RDS10", "Beta can be thrown away"));

  private Acknowledged() {}

  static void in(List<? extends Stack> stacks) {
    for (var stack : stacks) {
      for (var deviation : DEVIATIONS) {
        if (stack.getStackName().matches(deviation.stacks)) {
          Validations.of(stack)
              .acknowledge(
                  Acknowledgment.builder()
                      .id(
                          deviation
                              .rule
                              .replace("${account}", stack.getAccount())
                              .replace("${env}", stack.getStackName().replaceAll("-.*", "")))
                      .reason(deviation.reason)
                      .build());
        }
      }
    }
  }
}
