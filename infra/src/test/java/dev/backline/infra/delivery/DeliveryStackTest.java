package dev.backline.infra.delivery;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.Organization;
import dev.backline.infra.Synthesis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DeliveryStackTest {

  @Test
  void everyServiceHasARepositoryWhoseTagsAreNeverMoved() {
    assertThat(of("AWS::ECR::Repository"))
        .extracting(repository -> repository.path("RepositoryName").asString())
        .containsExactly("backline/be-api", "backline/redirector", "backline/event-worker");
    assertThat(of("AWS::ECR::Repository"))
        .allSatisfy(
            repository -> {
              assertThat(repository.path("ImageTagMutability").asString()).isEqualTo("IMMUTABLE");
              assertThat(repository.at("/ImageScanningConfiguration/ScanOnPush").asBoolean())
                  .isTrue();
            });
    assertThat(DeliveryStack.SERVICES)
        .allMatch(service -> Files.isDirectory(Path.of("..", "services", service)));
  }

  @Test
  void aWorkflowGetsARoleByWhatGitHubSaysOfItAndByNothingElse() {
    assertThat(roles().keySet())
        .containsExactlyInAnyOrder(
            "backline-github-images", "backline-github-deploy-beta", "backline-github-deploy-prod");
    assertThat(subject("backline-github-images"))
        .isEqualTo("repo:%s:ref:refs/tags/v*".formatted(Organization.REPOSITORY));
    assertThat(subject("backline-github-deploy-prod"))
        .isEqualTo("repo:%s:environment:prod".formatted(Organization.REPOSITORY));
    assertThat(roles().values())
        .allSatisfy(
            role -> {
              var statement = role.at("/AssumeRolePolicyDocument/Statement");
              assertThat(statement).hasSize(1);
              assertThat(statement.at("/0/Action").asString())
                  .isEqualTo("sts:AssumeRoleWithWebIdentity");
              assertThat(
                      statement
                          .at("/0/Condition/StringEquals")
                          .path("token.actions.githubusercontent.com:aud")
                          .asString())
                  .isEqualTo("sts.amazonaws.com");
            });
  }

  @Test
  void whoBuildsImagesDeploysNothingAndWhoDeploysPushesNone() {
    assertThat(actions("Images")).isNotEmpty().allMatch(action -> action.startsWith("ecr:"));
    assertThat(actions("Deploybeta")).containsExactly("sts:AssumeRole");
    assertThat(actions("Deployprod")).containsExactly("sts:AssumeRole");
  }

  @Test
  void thereIsNoAccessKey() {
    for (String stack : Synthesis.get().stacks()) {
      assertThat(Synthesis.get().resources(stack, "AWS::IAM::AccessKey")).isEmpty();
    }
  }

  private static String subject(String role) {
    return requireNonNull(roles().get(role)).findValue("StringLike").iterator().next().asString();
  }

  private static Map<String, JsonNode> roles() {
    return of("AWS::IAM::Role").stream()
        .collect(toMap(role -> role.path("RoleName").asString(), role -> role));
  }

  private static List<String> actions(String role) {
    return Synthesis.get().resources("delivery", "AWS::IAM::Policy").entrySet().stream()
        .filter(policy -> policy.getKey().startsWith(role))
        .flatMap(
            policy -> policy.getValue().at("/Properties/PolicyDocument/Statement").valueStream())
        .map(statement -> statement.path("Action"))
        .flatMap(
            action ->
                action.isArray()
                    ? action.valueStream().map(JsonNode::asString)
                    : List.of(action.asString()).stream())
        .toList();
  }

  private static List<JsonNode> of(String type) {
    return Synthesis.get().resources("delivery", type).values().stream()
        .map(resource -> resource.path("Properties"))
        .toList();
  }
}
