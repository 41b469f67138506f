package dev.backline.infra.edge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.InvalidConfigurationException;
import dev.backline.infra.Synthesis;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EdgeStackTest {

  private static final Distributions DISTRIBUTIONS = Distributions.load(Distributions.FILE);

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void everyFunctionOfTheFileIsThereAndNoOther(String env) {
    var names =
        resources(env, "AWS::Lambda::Function").stream()
            .map(function -> function.at("/Properties/FunctionName").asString());
    var small =
        resources(env, "AWS::CloudFront::Function").stream()
            .map(function -> function.at("/Properties/Name").asString());
    assertThat(Stream.concat(names, small))
        .containsExactlyInAnyOrderElementsOf(
            DISTRIBUTIONS.functions().keySet().stream().map(name -> env + "-" + name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void functionsHaveTheMemoryAndTimeOfTheFile(String env) {
    for (var function : resources(env, "AWS::Lambda::Function")) {
      var properties = function.path("Properties");
      var name = properties.path("FunctionName").asString().substring(env.length() + 1);
      var settings = requireNonNull(DISTRIBUTIONS.functions().get(name));
      assertThat(properties.path("MemorySize").asInt()).isEqualTo(settings.memory());
      assertThat(properties.path("Timeout").asInt()).isEqualTo(settings.timeout());
      assertThat(properties.path("Runtime").asString()).isEqualTo(settings.runtime());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void functionsHaveNothingThatLambdaAtTheEdgeRefuses(String env) {
    for (var function : resources(env, "AWS::Lambda::Function")) {
      assertThat(function.path("Properties").propertyNames())
          .doesNotContain(
              "Environment", "Layers", "VpcConfig", "TracingConfig", "DeadLetterConfig", "Kind");
      assertThat(function.at("/Properties/Architectures/0").asString("x86_64")).isEqualTo("x86_64");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void lambdaAndTheEdgeTakeTheRolesOfFunctions(String env) {
    assertThat(resources(env, "AWS::IAM::Role"))
        .hasSize(3)
        .allSatisfy(
            role ->
                assertThat(
                        role.at(
                            "/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service"))
                    .extracting(JsonNode::asString)
                    .containsExactlyInAnyOrder("lambda.amazonaws.com", "edgelambda.amazonaws.com"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void shortUrlReadsLinksAndSendsClicksAndMayDoNothingElse(String env) {
    assertThat(statements(env, "shorturlrole"))
        .containsExactly(
            "dynamodb:GetItem [arn:aws:dynamodb:ap-northeast-2:111111111111:table/%1$s-links, arn:aws:dynamodb:us-east-1:111111111111:table/%1$s-links]"
                .formatted(env),
            "sqs:SendMessage [arn:aws:sqs:ap-northeast-2:111111111111:%s-clicks]".formatted(env),
            "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents [arn:aws:logs:*:111111111111:log-group:/aws/lambda/us-east-1.%s-short-url:*]"
                .formatted(env));
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void ogTagsReadsCampaignPreviewsAndMayDoNothingElse(String env) {
    assertThat(statements(env, "ogtagsrole"))
        .hasSize(2)
        .first()
        .isEqualTo(
            "dynamodb:GetItem [arn:aws:dynamodb:ap-northeast-2:111111111111:table/%1$s-campaign-previews, arn:aws:dynamodb:us-east-1:111111111111:table/%1$s-campaign-previews]"
                .formatted(env));
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void thumbnailWritesThumbnailsOnly(String env) {
    assertThat(statements(env, "thumbnailrole"))
        .contains(
            "s3:PutObject [arn:aws:s3:::backline-%s-images-111111111111/thumbnails/*]"
                .formatted(env))
        .noneMatch(statement -> statement.matches(".*s3:(Delete|\\*).*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void theCertificateIsForBothHosts(String env) {
    var certificate = resources(env, "AWS::CertificateManager::Certificate").getFirst();
    var domain =
        EnvConfig.all().stream()
            .filter(each -> each.name().equals(env))
            .findFirst()
            .orElseThrow()
            .domain();
    assertThat(certificate.at("/Properties/DomainName").asString()).isEqualTo(domain.web());
    assertThat(certificate.at("/Properties/SubjectAlternativeNames/0").asString())
        .isEqualTo(domain.shortLinks());
    assertThat(certificate.at("/Properties/ValidationMethod").asString()).isEqualTo("DNS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void theFirewallHasTheRulesOfTheFileInTheirOrder(String env) {
    assertThat(rules(env))
        .extracting(rule -> rule.path("Priority").asInt() + " " + rule.path("Name").asString())
        .containsExactly(
            "0 blocked-addresses",
            "1 scanners",
            "2 no-user-agent",
            "3 rate-per-address",
            "4 ip-reputation",
            "5 known-bad-inputs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void theFirewallBlocksAddressesUserAgentsAndRates(String env) {
    var rules = rules(env);
    assertThat(rules.get(0).at("/Statement/OrStatement/Statements")).hasSize(2);
    assertThat(resources(env, "AWS::WAFv2::IPSet"))
        .extracting(set -> set.at("/Properties/Addresses/0").asString())
        .containsExactly("192.0.2.0/24", "2001:db8:bad::/48");
    assertThat(rules.get(1).at("/Statement/OrStatement/Statements"))
        .extracting(statement -> statement.at("/ByteMatchStatement/SearchString").asString())
        .containsExactly("sqlmap", "nikto", "nuclei", "masscan", "zgrab");
    assertThat(rules.get(3).at("/Statement/RateBasedStatement/Limit").asInt()).isEqualTo(20_000);
    assertThat(List.of(0, 1, 3)).allMatch(i -> rules.get(i).at("/Action").has("Block"));
    assertThat(rules.get(2).at("/Action").has("Count")).isTrue();
    assertThat(List.of(4, 5))
        .allMatch(i -> rules.get(i).at("/Statement/ManagedRuleGroupStatement/Name").isString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"beta", "prod"})
  void theFirewallsLogHoldsNoSecrets(String env) {
    assertThat(
            resources(env, "AWS::WAFv2::LoggingConfiguration")
                .getFirst()
                .at("/Properties/RedactedFields"))
        .extracting(field -> field.at("/SingleHeader/Name").asString())
        .containsExactly("authorization", "cookie");
  }

  @Test
  void aFunctionThatNobodyHasThoughtAboutIsRefused() {
    assertThatThrownBy(() -> new EdgeFunctions(EnvConfig.beta()).of("translate"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContainingAll("\"translate\"", "add it to EdgeFunctions");
  }

  private static List<JsonNode> rules(String env) {
    return resources(env, "AWS::WAFv2::WebACL")
        .getFirst()
        .at("/Properties/Rules")
        .valueStream()
        .toList();
  }

  private static List<String> statements(String env, String role) {
    return Synthesis.get().resources(env + "-edge", "AWS::IAM::Policy").entrySet().stream()
        .filter(policy -> policy.getKey().startsWith(role))
        .flatMap(
            policy -> policy.getValue().at("/Properties/PolicyDocument/Statement").valueStream())
        .map(
            statement ->
                String.join(" ", strings(statement.path("Action")))
                    + " "
                    + strings(statement.path("Resource")))
        .toList();
  }

  private static List<String> strings(JsonNode node) {
    return node.isArray()
        ? node.valueStream().map(JsonNode::asString).toList()
        : List.of(node.asString());
  }

  private static List<JsonNode> resources(String env, String type) {
    return List.copyOf(Synthesis.get().resources(env + "-edge", type).values());
  }
}
