package dev.backline.infra.cdn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Synthesis;
import dev.backline.infra.edge.Distributions;
import dev.backline.infra.edge.Distributions.Behavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

class CdnStackTest {

  private static final Distributions FILE = Distributions.load(Distributions.FILE);

  static final List<EnvConfig> ENVIRONMENTS = EnvConfig.all();

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void behaviorsAreThoseOfTheFileInItsOrder(EnvConfig env) {
    FILE.distributions()
        .forEach(
            (name, distribution) ->
                assertThat(distribution(env, name).path("CacheBehaviors"))
                    .extracting(behavior -> behavior.path("PathPattern").asString())
                    .containsExactlyElementsOf(
                        distribution.behaviors().stream().map(Behavior::path).toList()));
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void everyBehaviorHasThePoliciesFunctionsAndMethodsOfTheFile(EnvConfig env) {
    FILE.distributions()
        .forEach(
            (name, distribution) -> {
              var config = distribution(env, name);
              for (int i = 0; i < distribution.behaviors().size(); i++) {
                same(env, distribution.behaviors().get(i), config.path("CacheBehaviors").path(i));
              }
              same(env, distribution.defaultBehavior(), config.path("DefaultCacheBehavior"));
            });
  }

  private static void same(EnvConfig env, Behavior behavior, JsonNode made) {
    assertThat(policy(env, made, "CachePolicyId")).isEqualTo(env.prefix() + behavior.cachePolicy());
    if (behavior.originRequestPolicy() != null) {
      assertThat(policy(env, made, "OriginRequestPolicyId"))
          .isEqualTo(env.prefix() + behavior.originRequestPolicy());
    } else {
      assertThat(made.has("OriginRequestPolicyId")).isFalse();
    }
    assertThat(policy(env, made, "ResponseHeadersPolicyId"))
        .isEqualTo(env.prefix() + behavior.responseHeadersPolicy());
    assertThat(made.path("Compress").asBoolean()).isEqualTo(behavior.compresses());
    assertThat(made.path("AllowedMethods"))
        .extracting(JsonNode::asString)
        .containsExactlyInAnyOrderElementsOf(
            behavior.allowedMethods().isEmpty()
                ? List.of("GET", "HEAD")
                : behavior.allowedMethods());
    var attached = new ArrayList<String>();
    made.path("FunctionAssociations")
        .forEach(each -> attached.add(attachment(each, each.path("FunctionARN"))));
    made.path("LambdaFunctionAssociations")
        .forEach(each -> attached.add(attachment(each, each.path("LambdaFunctionARN"))));
    var wanted =
        behavior.functions().entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue().replace("-", ""))
            .toList();
    assertThat(attached).containsExactlyInAnyOrderElementsOf(wanted);
  }

  /** Event and function, whose name is at the beginning of the name of the edge stack's output. */
  private static String attachment(JsonNode association, JsonNode arn) {
    String output = arn.at("/Fn::GetStackOutput/OutputName").asString();
    return association.path("EventType").asString()
        + " "
        + output.replaceAll(
            "PublishOutput(Ref|FnGetAtt)|CurrentVersion.*|[0-9A-F]{8}FunctionARN.*", "");
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void viewersComeByHttpsOnly(EnvConfig env) {
    for (var distribution : distributions(env)) {
      assertThat(behaviors(distribution))
          .allMatch(
              each -> each.path("ViewerProtocolPolicy").asString().equals("redirect-to-https"));
      assertThat(distribution.at("/ViewerCertificate/MinimumProtocolVersion").asString())
          .isEqualTo("TLSv1.2_2021");
    }
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void everyDistributionIsBehindTheFirewall(EnvConfig env) {
    assertThat(distributions(env))
        .hasSize(2)
        .allMatch(
            each ->
                each.at("/WebACLId/Fn::GetStackOutput/OutputName").asString().contains("WebAcl"));
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void theBalancerIsAskedByHttpsWithTheSecretHeaderThatItWants(EnvConfig env) {
    assertThat(origins(env).filter(origin -> origin.has("CustomOriginConfig")))
        .hasSize(2)
        .allSatisfy(
            origin -> {
              assertThat(origin.path("DomainName").asString()).isEqualTo(env.domain().origin());
              assertThat(origin.at("/CustomOriginConfig/OriginProtocolPolicy").asString())
                  .isEqualTo("https-only");
              assertThat(origin.at("/OriginCustomHeaders/0/HeaderName").asString())
                  .isEqualTo("x-origin-verify");
              assertThat(origin.at("/OriginCustomHeaders/0/HeaderValue").toString())
                  .contains("{{resolve:secretsmanager:");
            });
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void theSecretHeaderIsInBothRegions(EnvConfig env) {
    var secret = only(env, "AWS::SecretsManager::Secret");
    assertThat(secret.path("Name").asString()).isEqualTo(env.name() + "/origin-header");
    assertThat(secret.at("/ReplicaRegions/0/Region").asString()).isEqualTo(env.region());
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void bucketsAreAskedWithASignature(EnvConfig env) {
    assertThat(origins(env).filter(origin -> origin.has("S3OriginConfig")))
        .hasSize(2)
        .allMatch(origin -> origin.at("/OriginAccessControlId/Fn::GetAtt").isArray())
        .allMatch(origin -> origin.at("/S3OriginConfig/OriginAccessIdentity").asString().isEmpty());
    assertThat(all(env, "cdn", "AWS::CloudFront::OriginAccessControl"))
        .allMatch(
            each ->
                each.at("/OriginAccessControlConfig/SigningBehavior").asString().equals("always"));
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void onlyDistributionsOfThisAccountReadTheBuckets(EnvConfig env) {
    var allowed = bucketGrants(env, "cloudfront.amazonaws.com").toList();
    assertThat(allowed)
        .hasSize(3)
        .allSatisfy(
            statement ->
                assertThat(statement.at("/Condition/ArnLike/aws:SourceArn").asString())
                    .isEqualTo("arn:aws:cloudfront::%s:distribution/*".formatted(env.account())));
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void nobodyListsImages(EnvConfig env) {
    assertThat(
            all(env, "data", "AWS::S3::BucketPolicy")
                .filter(policy -> policy.path("Bucket").toString().contains("Images"))
                .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
                .filter(statement -> statement.path("Effect").asString().equals("Allow")))
        .isNotEmpty()
        .allMatch(statement -> statement.path("Action").asString().equals("s3:GetObject"));
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void responsesHaveSecurityHeaders(EnvConfig env) {
    assertThat(all(env, "cdn", "AWS::CloudFront::ResponseHeadersPolicy"))
        .hasSize(3)
        .allSatisfy(
            policy -> {
              var headers = policy.at("/ResponseHeadersPolicyConfig/SecurityHeadersConfig");
              assertThat(headers.at("/StrictTransportSecurity/AccessControlMaxAgeSec").asInt())
                  .isEqualTo(31_536_000);
              assertThat(headers.has("ContentTypeOptions")).isTrue();
            });
    var site =
        all(env, "cdn", "AWS::CloudFront::ResponseHeadersPolicy")
            .map(policy -> policy.path("ResponseHeadersPolicyConfig"))
            .filter(policy -> policy.path("Name").asString().equals(env.prefix() + "site"))
            .findFirst()
            .orElseThrow();
    assertThat(
            site.at("/SecurityHeadersConfig/ContentSecurityPolicy/ContentSecurityPolicy")
                .asString())
        .startsWith("default-src 'self'");
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void theClassOfAViewerIsInTheCacheKeyOfCampaignPagesAndItsUserAgentIsNot(EnvConfig env) {
    var key =
        all(env, "cdn", "AWS::CloudFront::CachePolicy")
            .map(policy -> policy.path("CachePolicyConfig"))
            .filter(policy -> policy.path("Name").asString().equals(env.prefix() + "campaign-page"))
            .findFirst()
            .orElseThrow();
    assertThat(key.at("/ParametersInCacheKeyAndForwardedToOrigin/HeadersConfig/Headers"))
        .extracting(JsonNode::asString)
        .containsExactly("x-viewer-kind");
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void accessLogsOfEveryDistributionReachTheBucketWithoutAddressesOfViewers(EnvConfig env) {
    assertThat(all(env, "cdn", "AWS::Logs::DeliverySource"))
        .extracting(source -> source.path("Name").asString())
        .containsExactlyInAnyOrderElementsOf(
            FILE.distributions().keySet().stream().map(name -> env.prefix() + name).toList());
    assertThat(
            only(env, "AWS::Logs::DeliveryDestination").path("DestinationResourceArn").asString())
        .isEqualTo("arn:aws:s3:::%s/cloudfront".formatted(env.bucketName("access-logs")));
    assertThat(all(env, "cdn", "AWS::Logs::Delivery"))
        .hasSize(2)
        .allSatisfy(
            delivery ->
                assertThat(delivery.path("RecordFields"))
                    .extracting(JsonNode::asString)
                    .contains("sc-status", "x-edge-result-type", "cs-uri-stem")
                    .doesNotContain("c-ip", "x-forwarded-for", "cs(Cookie)", "cs-uri-query"));
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void logDeliveryMayWriteToItsFolderOnly(EnvConfig env) {
    assertThat(
            bucketGrants(env, "delivery.logs.amazonaws.com")
                .filter(
                    statement ->
                        statement
                            .at("/Condition/ArnLike/aws:SourceArn")
                            .asString("")
                            .contains("us-east-1")))
        .singleElement()
        .satisfies(
            statement -> {
              assertThat(statement.path("Resource").toString()).contains("/cloudfront/*");
              assertThat(statement.at("/Condition/StringEquals/aws:SourceAccount").asString())
                  .isEqualTo(env.account());
            });
  }

  @ParameterizedTest
  @FieldSource("ENVIRONMENTS")
  void bothHostsLeadToTheirDistributionByIpv4AndIpv6(EnvConfig env) {
    assertThat(all(env, "cdn", "AWS::Route53::RecordSet"))
        .extracting(record -> record.path("Type").asString() + " " + record.path("Name").asString())
        .containsExactlyInAnyOrder(
            "A " + env.domain().web() + ".",
            "AAAA " + env.domain().web() + ".",
            "A " + env.domain().shortLinks() + ".",
            "AAAA " + env.domain().shortLinks() + ".");
  }

  private static String policy(EnvConfig env, JsonNode behavior, String reference) {
    var made =
        requireNonNull(
            Synthesis.get()
                .json(env.name() + "-cdn")
                .path("Resources")
                .get(behavior.at("/" + reference + "/Ref").asString()));
    return made.path("Properties").findValue("Name").asString();
  }

  private static Stream<JsonNode> behaviors(JsonNode distribution) {
    return Stream.concat(
        distribution.path("CacheBehaviors").valueStream(),
        Stream.of(distribution.path("DefaultCacheBehavior")));
  }

  private static Stream<JsonNode> origins(EnvConfig env) {
    return distributions(env).stream()
        .flatMap(distribution -> distribution.path("Origins").valueStream());
  }

  private static JsonNode distribution(EnvConfig env, String name) {
    return Synthesis.get()
        .resources(env.name() + "-cdn", "AWS::CloudFront::Distribution")
        .entrySet()
        .stream()
        .filter(each -> each.getKey().startsWith(name.replace("-", "")))
        .map(Map.Entry::getValue)
        .map(each -> each.at("/Properties/DistributionConfig"))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> distributions(EnvConfig env) {
    return all(env, "cdn", "AWS::CloudFront::Distribution")
        .map(each -> each.path("DistributionConfig"))
        .toList();
  }

  private static JsonNode only(EnvConfig env, String type) {
    var found = all(env, "cdn", type).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /** Properties of the resources of a type. */
  private static Stream<JsonNode> all(EnvConfig env, String part, String type) {
    return Synthesis.get().resources(env.name() + "-" + part, type).values().stream()
        .map(resource -> resource.path("Properties"));
  }

  private static Stream<JsonNode> bucketGrants(EnvConfig env, String service) {
    return all(env, "data", "AWS::S3::BucketPolicy")
        .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
        .filter(statement -> statement.at("/Principal/Service").asString("").equals(service));
  }
}
