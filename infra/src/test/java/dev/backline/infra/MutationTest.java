package dev.backline.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.s3.CfnBucket.PublicAccessBlockConfigurationProperty;
import software.amazon.awscdk.services.sqs.CfnQueue;
import software.constructs.IConstruct;

/**
 * Plants mistakes and runs the tests of this module again: each mistake has to be found by the test
 * that is there for it, with the reason. All are planted at once, since a synthesis takes seconds.
 */
@DisabledIfSystemProperty(
    named = "update",
    matches = "true",
    disabledReason = "the mistakes would be written into the files that are brought up to date")
class MutationTest {

  /**
   * One mistake.
   *
   * @param plant makes it
   * @param foundBy class and method of the test
   * @param evidence what the failure says
   */
  record Mistake(String name, Consumer<List<Stack>> plant, String foundBy, String evidence) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String NAG = "NagTest.nagAndCloudFormationValidateFindNothing";

  static final List<Mistake> MISTAKES =
      List.of(
          new Mistake(
              "the database is open to the world",
              add(
                  "prod-network",
                  "AWS::EC2::SecurityGroupIngress",
                  Map.of(
                      "CidrIp",
                      "0.0.0.0/0",
                      "IpProtocol",
                      "tcp",
                      "FromPort",
                      5432,
                      "ToPort",
                      5432,
                      "GroupId",
                      "sg-00000000000000000")),
              NAG,
              "W2508 Properties: Security group allows 0.0.0.0/0 access to sensitive port 5432"),
          new Mistake(
              "a queue has no dead-letter queue",
              stacks ->
                  CfnQueue.Builder.create(stack(stacks, "prod-data"), "Mistake-queue").build(),
              NAG,
              "AwsSolutions-SQS3"),
          new Mistake(
              "a bucket can be made public",
              stacks ->
                  ((CfnBucket) resource(stack(stacks, "prod-data"), "Images/Resource"))
                      .setPublicAccessBlockConfiguration(
                          PublicAccessBlockConfigurationProperty.builder().build()),
              NAG,
              "AwsSolutions-S2"),
          new Mistake(
              "the firewall of CloudFront is in Seoul",
              add(
                  "prod-data",
                  "AWS::WAFv2::IPSet",
                  Map.of(
                      "Scope",
                      "CLOUDFRONT",
                      "IPAddressVersion",
                      "IPV4",
                      "Addresses",
                      List.of("192.0.2.0/24"))),
              "RegionTest.firewallsOfCloudFrontAreInUsEast1",
              "ap-northeast-2"),
          new Mistake(
              "a distribution has no firewall",
              remove("prod-cdn", "web/Resource", "DistributionConfig.WebACLId"),
              "CdnStackTest.everyDistributionIsBehindTheFirewall",
              "www."),
          new Mistake(
              "viewers come without HTTPS",
              change(
                  "prod-cdn",
                  "web/Resource",
                  "DistributionConfig.CacheBehaviors.0.ViewerProtocolPolicy",
                  "allow-all"),
              "CdnStackTest.viewersComeByHttpsOnly",
              "allow-all"),
          new Mistake(
              "the balancer cannot tell CloudFront from others",
              remove(
                  "prod-cdn",
                  "short-links/Resource",
                  "DistributionConfig.Origins.0.OriginCustomHeaders"),
              "CdnStackTest.theBalancerIsAskedByHttpsWithTheSecretHeaderThatItWants",
              "x-origin-verify"),
          new Mistake(
              "a bucket is read without a signature",
              remove(
                  "prod-cdn", "web/Resource", "DistributionConfig.Origins.0.OriginAccessControlId"),
              "CdnStackTest.bucketsAreAskedWithASignature",
              "S3OriginConfig"),
          new Mistake(
              "people and previews get each other's pages",
              change(
                  "prod-cdn",
                  "Policies/Cache-campaign-page/Resource",
                  "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers",
                  List.of("User-Agent")),
              "CdnStackTest.theClassOfAViewerIsInTheCacheKeyOfCampaignPagesAndItsUserAgentIsNot",
              "x-viewer-kind"),
          new Mistake(
              "access logs hold addresses of viewers",
              change("prod-cdn", "AccessLogs/web-delivery", "RecordFields", List.of("c-ip")),
              "CdnStackTest.accessLogsOfEveryDistributionReachTheBucketWithoutAddressesOfViewers",
              "c-ip"),
          new Mistake(
              "a function at the edge has environment variables",
              change(
                  "prod-edge",
                  "og-tags/Resource",
                  "Environment",
                  Map.of("Variables", Map.of("TABLE", "campaign-previews"))),
              "EdgeStackTest.functionsHaveNothingThatLambdaAtTheEdgeRefuses",
              "Environment"),
          new Mistake(
              "a function may do more than it needs",
              change(
                  "prod-edge",
                  "short-url-role/DefaultPolicy/Resource",
                  "PolicyDocument.Statement.0.Action",
                  "dynamodb:*"),
              "EdgeStackTest.shortUrlReadsLinksAndSendsClicksAndMayDoNothingElse",
              "dynamodb:*"),
          new Mistake(
              "a node of OpenSearch that the region does not have",
              change(
                  "prod-database",
                  "Search/Domain/Resource",
                  "ClusterConfig.InstanceType",
                  "m1.small.search"),
              NAG,
              "E3653 ClusterConfig.InstanceType"),
          new Mistake(
              "a container gets two seconds to stop",
              change(
                  "prod-services", "BeApi/Task/Resource", "ContainerDefinitions.0.StopTimeout", 2),
              "ServicesStackTest.aContainerIsNamedLikeItsServiceAndGetsThirtySecondsToStop",
              "expected: 30\n but was: 2"),
          new Mistake(
              "services may use KEYS",
              change("prod-database", "Valkey/User-services", "AccessString", "on ~* +@all"),
              "DatabaseStackTest.keysIsRefusedToTheServices",
              "+@all"),
          new Mistake(
              "one more NAT gateway",
              add(
                  "prod-network",
                  "AWS::EC2::NatGateway",
                  Map.of("SubnetId", "subnet-00000000000000000")),
              "InventoryTest.inventoryTxtSaysWhatThereIs",
              "AWS::EC2::NatGateway"));

  @TempDir private static Path directory;

  private static List<Failure> failures = List.of();

  private record Failure(String test, String message) {}

  @BeforeAll
  static void plantAllAndRunTheTests() {
    var mistaken =
        Synthesis.into(
            directory.resolve("cdk.out"),
            stacks -> MISTAKES.forEach(mistake -> mistake.plant.accept(stacks)));
    failures = Synthesis.use(mistaken, MutationTest::failures);
  }

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void aMistakeIsFoundByTheTestThatIsThereForIt(Mistake mistake) {
    assertThat(failures)
        .filteredOn(failure -> failure.test.equals(mistake.foundBy))
        .as(mistake.foundBy)
        .extracting(Failure::message)
        .anyMatch(message -> message.contains(mistake.evidence));
  }

  private static List<Failure> failures() {
    var found = new ArrayList<Failure>();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(MutationTest.class.getPackageName()))
            .filters(
                excludeClassNamePatterns(
                    MutationTest.class.getName(), DeterminismTest.class.getName()))
            .build();
    var listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getThrowable().isPresent()
                && test.getSource().orElse(null) instanceof MethodSource method) {
              found.add(
                  new Failure(
                      method.getJavaClass().getSimpleName() + "." + method.getMethodName(),
                      String.valueOf(result.getThrowable().get().getMessage())));
            }
          }
        };
    LauncherFactory.create().execute(request, listener);
    return List.copyOf(found);
  }

  /** Changes a property of the resource that a construct makes. */
  private static Consumer<List<Stack>> change(
      String stack, String path, String property, Object value) {
    return stacks -> resource(stack(stacks, stack), path).addPropertyOverride(property, value);
  }

  private static Consumer<List<Stack>> remove(String stack, String path, String property) {
    return stacks -> resource(stack(stacks, stack), path).addPropertyDeletionOverride(property);
  }

  private static Consumer<List<Stack>> add(
      String stack, String type, Map<String, Object> properties) {
    return stacks ->
        CfnResource.Builder.create(stack(stacks, stack), "Mistake-" + type.replace("::", "-"))
            .type(type)
            .properties(properties)
            .build();
  }

  private static Stack stack(List<Stack> stacks, String name) {
    return stacks.stream()
        .filter(stack -> stack.getStackName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** By the path of its construct in the stack. */
  private static CfnResource resource(Stack stack, String path) {
    IConstruct construct = stack;
    for (Path id : Path.of(path)) {
      construct = construct.getNode().findChild(id.toString());
    }
    return (CfnResource) construct;
  }
}
