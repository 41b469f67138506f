package dev.backline.infra.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backline.infra.Synthesis;
import dev.backline.infra.report.CloudAssembly.Resource;
import dev.backline.infra.report.CloudAssembly.Stack;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CostReportTest {

  private final Prices prices = Prices.read(Prices.FILE);

  @Test
  void everyResourceHasAPriceOrIsKnownToHaveNone() {
    assertThat(report().unknown()).isEmpty();
  }

  @Test
  void everyPriceThatIsNeededIsThere() {
    assertThat(report().text()).contains("beta", "prod", "management", "NAT gateways");
  }

  @Test
  void natGatewaysCostWhatIsCounted() {
    assertThat(report().text())
        .containsPattern(
            "NAT gateways +1 = \\$%1$.0f +1 = \\$%1$.0f +3 = \\$%2$.0f"
                .formatted(prices.monthly("nat-gateway"), 3 * prices.monthly("nat-gateway")));
  }

  @Test
  void prodCostsMoreThanBeta() {
    assertThat(report().monthly("prod")).isGreaterThan(report().monthly("beta"));
  }

  @Test
  void aServiceCostsItsLeastNumberOfTasks() {
    var stack =
        stack(
            resource(
                "Task",
                "AWS::ECS::TaskDefinition",
                """
                {"Cpu": "512", "Memory": "1024", "RuntimePlatform": {"CpuArchitecture": "ARM64"}}"""),
            resource("Service", "AWS::ECS::Service", "{\"TaskDefinition\": {\"Ref\": \"Task\"}}"),
            resource(
                "Target",
                "AWS::ApplicationAutoScaling::ScalableTarget",
                """
                {"MinCapacity": 3, "ResourceId": {"Fn::Join": ["/", ["service", {"Fn::GetAtt": ["Service", "Name"]}]]}}"""));
    assertThat(new CostReport(new CloudAssembly(List.of(stack)), prices).monthly("test"))
        .isCloseTo(
            3 * (0.5 * prices.monthly("fargate-arm-vcpu") + prices.monthly("fargate-arm-gigabyte")),
            within(0.001));
  }

  @Test
  void aTypeThatNobodyHasThoughtAboutIsTold() {
    var stack = stack(resource("Broker", "AWS::AmazonMQ::Broker", "{}"));
    assertThat(new CostReport(new CloudAssembly(List.of(stack)), prices).unknown())
        .containsExactly("AmazonMQ::Broker");
  }

  @Test
  void aPriceThatIsMissingIsAskedFor() {
    assertThatThrownBy(() -> prices.monthly("opensearch.huge"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "prices.properties has no price 'opensearch.huge': add a line like \"opensearch.huge = 0.05 hour\"");
  }

  @Test
  void theReportSaysHowFarItsPricesCanBeTrusted() {
    assertThat(report().text()).contains("prices.properties, " + prices.date());
  }

  private CostReport report() {
    return new CostReport(CloudAssembly.read(Synthesis.get().directory()), prices);
  }

  private static Stack stack(Resource... resources) {
    return new Stack("test-stack", "test", "ap-northeast-2", Stream.of(resources).toList());
  }

  private static Resource resource(String id, String type, String properties) {
    return new Resource(id, type, JsonMapper.shared().readTree(properties));
  }
}
