package dev.backline.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What CloudFront uses exists in us-east-1 only, and neither linter knows. */
class RegionTest {

  private static final Set<String> OF_WAF =
      Set.of("AWS::WAFv2::WebACL", "AWS::WAFv2::IPSet", "AWS::WAFv2::RegexPatternSet");

  @Test
  void firewallsOfCloudFrontAreInUsEast1() {
    assertThat(all().filter(each -> OF_WAF.contains(each.type())))
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.properties().path("Scope").asString()).isEqualTo("CLOUDFRONT");
              assertThat(each.region()).as(each.name()).isEqualTo("us-east-1");
            });
  }

  @Test
  void certificatesOfDistributionsAreInUsEast1() {
    assertThat(distributions())
        .hasSize(4)
        .allSatisfy(
            distribution ->
                assertThat(
                        regionOf(
                            distribution,
                            distribution
                                .properties()
                                .at("/DistributionConfig/ViewerCertificate/AcmCertificateArn")))
                    .as(distribution.name())
                    .isEqualTo("us-east-1"));
  }

  @Test
  void functionsOfDistributionsAreInUsEast1() {
    var found = new ArrayList<String>();
    distributions()
        .forEach(
            distribution ->
                distribution.properties().findValues("LambdaFunctionARN").stream()
                    .map(arn -> regionOf(distribution, arn))
                    .forEach(found::add));
    assertThat(found).hasSize(10).containsOnly("us-east-1");
  }

  @Test
  void logsOfDistributionsAreDeliveredFromUsEast1() {
    assertThat(all().filter(each -> each.type().equals("AWS::Logs::DeliverySource")))
        .hasSize(4)
        .allMatch(each -> each.region().equals("us-east-1"));
  }

  @Test
  void alarmsOnCloudFrontAreInUsEast1() {
    assertThat(
            all()
                .filter(each -> each.type().equals("AWS::CloudWatch::Alarm"))
                .filter(
                    each ->
                        each.properties()
                            .findValues("Namespace")
                            .toString()
                            .contains("AWS/CloudFront")))
        .allSatisfy(alarm -> assertThat(alarm.region()).as(alarm.name()).isEqualTo("us-east-1"));
  }

  @Test
  void everythingElseIsInSeoul() {
    assertThat(
            Synthesis.get().stacks().stream()
                .filter(stack -> !region(stack).equals("ap-northeast-2")))
        .allMatch(stack -> stack.matches("(beta|prod)-(edge|cdn|edgeops)"));
  }

  private record Resource(String stack, String id, JsonNode resource) {

    String type() {
      return resource.path("Type").asString();
    }

    JsonNode properties() {
      return resource.path("Properties");
    }

    String region() {
      return RegionTest.region(stack);
    }

    String name() {
      return stack + "/" + id;
    }
  }

  private static Stream<Resource> all() {
    return Synthesis.get().stacks().stream()
        .flatMap(
            stack ->
                Synthesis.get().json(stack).path("Resources").properties().stream()
                    .map(each -> new Resource(stack, each.getKey(), each.getValue())));
  }

  private static List<Resource> distributions() {
    return all().filter(each -> each.type().equals("AWS::CloudFront::Distribution")).toList();
  }

  /** Of what an attribute refers to: in the same stack, or in another. */
  private static String regionOf(Resource resource, JsonNode reference) {
    String stack = reference.at("/Fn::GetStackOutput/StackName").asString(resource.stack());
    return region(stack);
  }

  private static String region(String stack) {
    String environment =
        Synthesis.get().file("manifest.json").at("/artifacts/" + stack + "/environment").asString();
    return environment.substring(environment.lastIndexOf('/') + 1);
  }
}
