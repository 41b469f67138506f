package dev.backline.infra.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.deployment.DeploymentRules;
import dev.backline.infra.Synthesis;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Numbers of the templates and of the services' settings that mean something together only. */
class NumbersTest {

  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void tasksTargetGroupsAndTheLoadBalancerFitTheServicesSettings(String env) {
    var template = Synthesis.get().directory().resolve(env + "-services.template.json");

    assertThat(DeploymentRules.of(ROOT).violationsOf(List.of(template))).isEmpty();
  }

  /** The desk's template is compared with the handlers' times by event-worker's own test. */
  @ParameterizedTest
  @CsvSource({
    "beta, Clicks",
    "beta, CampaignChanges",
    "prod, Clicks",
    "prod, CampaignChanges",
  })
  void queuesHaveTheNumbersOfTheDesk(String env, String queue) {
    var desk =
        JsonMapper.shared()
            .readTree(ROOT.resolve("infra").resolve("templates").resolve("data.json"))
            .at("/Resources/%s/Properties".formatted(queue));
    var deployed = Synthesis.get().json(env + "-data").at("/Resources");
    var properties =
        deployed.properties().stream()
            .filter(resource -> resource.getKey().startsWith(queue))
            .map(resource -> resource.getValue().path("Properties"))
            .filter(resource -> resource.has("RedrivePolicy"))
            .findFirst()
            .orElseThrow();

    for (String number :
        List.of("VisibilityTimeout", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds")) {
      assertThat(properties.path(number)).as(number).isEqualTo(desk.path(number));
    }
    assertThat(properties.at("/RedrivePolicy/maxReceiveCount"))
        .isEqualTo(desk.at("/RedrivePolicy/maxReceiveCount"));
  }

  @Test
  void noNumberIsLeftToADefault() {
    for (String env : List.of("beta-services", "prod-services")) {
      assertThat(
              Synthesis.get().resources(env, "AWS::ElasticLoadBalancingV2::TargetGroup").values())
          .hasSize(4)
          .allSatisfy(
              group ->
                  assertThat(group.toString())
                      .contains(
                          "{\"Key\":\"deregistration_delay.timeout_seconds\",\"Value\":\"20\"}"));
    }
  }
}
