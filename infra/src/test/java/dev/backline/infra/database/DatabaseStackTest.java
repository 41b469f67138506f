package dev.backline.infra.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Synthesis;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@ValueSource(strings = {"beta", "prod"})
class DatabaseStackTest {

  private final EnvConfig env;
  private final String stack;

  DatabaseStackTest(String env) {
    this.env = EnvConfig.named(env);
    this.stack = env + "-database";
  }

  @Test
  void auroraHasAWriterAndAReaderThatCanTakeOver() {
    assertThat(all("AWS::RDS::DBInstance"))
        .extracting(instance -> instance.path("DBInstanceClass").asString())
        .hasSize(1 + env.database().readers())
        .containsOnly("db.serverless");
    assertThat(all("AWS::RDS::DBInstance"))
        .extracting(instance -> instance.path("PromotionTier").asInt())
        .contains(0, 1);
  }

  @Test
  void auroraIsEncryptedOnDiskAndOnTheWire() {
    assertThat(only("AWS::RDS::DBCluster").path("StorageEncrypted").asBoolean()).isTrue();
    assertThat(
            only("AWS::RDS::DBClusterParameterGroup")
                .path("Parameters")
                .path("rds.force_ssl")
                .asString())
        .isEqualTo("1");
  }

  @Test
  void auroraIsBackedUpAndProdCannotBeDeletedByMistake() {
    var cluster = only("AWS::RDS::DBCluster");

    assertThat(cluster.path("BackupRetentionPeriod").asInt()).isEqualTo(env.protect() ? 30 : 3);
    assertThat(cluster.path("DeletionProtection").asBoolean()).isEqualTo(env.protect());
  }

  @Test
  void auroraScalesBetweenTheSizesOfTheEnvironment() {
    var scaling = only("AWS::RDS::DBCluster").path("ServerlessV2ScalingConfiguration");

    assertThat(scaling.path("MinCapacity").asDouble()).isEqualTo(env.database().minCapacity());
    assertThat(scaling.path("MaxCapacity").asDouble()).isEqualTo(env.database().maxCapacity());
  }

  @Test
  void dataIsInIsolatedSubnetsAndNotPublic() {
    assertThat(all("AWS::RDS::DBInstance"))
        .allSatisfy(
            instance -> assertThat(instance.path("PubliclyAccessible").asBoolean()).isFalse());
    var places =
        List.of(
            only("AWS::RDS::DBSubnetGroup").path("SubnetIds"),
            only("AWS::ElastiCache::SubnetGroup").path("SubnetIds"),
            only("AWS::OpenSearchService::Domain").path("VPCOptions").path("SubnetIds"));
    assertThat(places)
        .allSatisfy(
            subnets ->
                assertThat(subnets)
                    .hasSize(env.zones())
                    .allSatisfy(
                        subnet -> assertThat(subnet.toString()).contains("VpcIsolatedSubnet")));
  }

  @Test
  void eachKindOfDataHasItsOwnSecurityGroup() {
    assertThat(only("AWS::RDS::DBCluster").path("VpcSecurityGroupIds"))
        .singleElement()
        .asString()
        .contains("DatabaseSecurityGroup");
    assertThat(only("AWS::ElastiCache::ReplicationGroup").path("SecurityGroupIds"))
        .singleElement()
        .asString()
        .contains("CacheSecurityGroup");
    assertThat(only("AWS::OpenSearchService::Domain").path("VPCOptions").path("SecurityGroupIds"))
        .singleElement()
        .asString()
        .contains("SearchSecurityGroup");
  }

  @Test
  void theCacheIsEncryptedAndSurvivesTheLossOfAZone() {
    var cache = only("AWS::ElastiCache::ReplicationGroup");

    assertThat(cache.path("TransitEncryptionMode").asString()).isEqualTo("required");
    assertThat(cache.path("TransitEncryptionEnabled").asBoolean()).isTrue();
    assertThat(cache.path("AtRestEncryptionEnabled").asBoolean()).isTrue();
    assertThat(cache.path("AutomaticFailoverEnabled").asBoolean()).isTrue();
    assertThat(cache.path("MultiAZEnabled").asBoolean()).isTrue();
    assertThat(cache.path("NumCacheClusters").asInt()).isGreaterThan(1);
  }

  @Test
  void nobodyUsesTheCacheWithoutAPassword() {
    assertThat(only("AWS::ElastiCache::ReplicationGroup").path("UserGroupIds")).hasSize(1);
    assertThat(only("AWS::ElastiCache::UserGroup").path("UserIds")).hasSize(2);
    assertThat(all("AWS::ElastiCache::User"))
        .hasSize(2)
        .allSatisfy(
            user -> {
              assertThat(user.path("NoPasswordRequired").asBoolean(false)).isFalse();
              assertThat(user.path("Passwords").toString()).contains("resolve:secretsmanager");
            });
    assertThat(user("default").path("AccessString").asString()).isEqualTo("off -@all");
  }

  /**
   * The last word on a command wins: {@code -@dangerous}, in which KEYS is, comes after what is
   * granted.
   */
  @Test
  void keysIsRefusedToTheServices() {
    assertThat(user("services").path("AccessString").asString())
        .containsSubsequence("+@read", "-@dangerous")
        .doesNotContain("+@all", "+keys", "+@dangerous", "+@admin", "~*")
        .endsWith("-@dangerous +info");
  }

  @Test
  void openSearchTakesHttpsWithSignedRequestsOfThisAccountOnly() {
    var domain = only("AWS::OpenSearchService::Domain");

    assertThat(domain.path("DomainEndpointOptions").path("EnforceHTTPS").asBoolean()).isTrue();
    assertThat(domain.path("NodeToNodeEncryptionOptions").path("Enabled").asBoolean()).isTrue();
    assertThat(domain.path("EncryptionAtRestOptions").path("Enabled").asBoolean()).isTrue();
    assertThat(domain.path("AccessPolicies").path("Statement"))
        .singleElement()
        .satisfies(
            statement -> {
              assertThat(statement.path("Principal").path("AWS").asString())
                  .isEqualTo("arn:aws:iam::" + env.account() + ":root");
              assertThat(statement.path("Action"))
                  .allSatisfy(action -> assertThat(action.asString()).startsWith("es:ESHttp"));
            });
  }

  @Test
  void openSearchHasTheSameNumberOfNodesInEachZone() {
    var cluster = only("AWS::OpenSearchService::Domain").path("ClusterConfig");

    assertThat(cluster.path("ZoneAwarenessConfig").path("AvailabilityZoneCount").asInt())
        .isEqualTo(env.zones());
    assertThat(cluster.path("InstanceCount").asInt() % env.zones()).isZero();
  }

  @Test
  void campaignsAreSearchedWithKoreanAnalysis() {
    var index = JsonMapper.shared().readTree(Path.of("search", "campaigns.json"));
    var analysis = index.path("settings").path("analysis");

    assertThat(analysis.path("tokenizer").path("korean").path("type").asString())
        .isEqualTo("seunjeon_tokenizer");
    assertThat(analysis.path("analyzer").path("korean").path("tokenizer").asString())
        .isEqualTo("korean");
    assertThat(index.path("mappings").path("properties"))
        .filteredOn(field -> field.path("type").asString().equals("text"))
        .isNotEmpty()
        .allSatisfy(field -> assertThat(field.path("analyzer").asString()).isEqualTo("korean"));
    // Its plug-in is part of every domain of OpenSearch.
    assertThat(only("AWS::OpenSearchService::Domain").path("EngineVersion").asString())
        .startsWith("OpenSearch_");
  }

  @Test
  void noPasswordStandsInATemplate() {
    assertThat(all("AWS::SecretsManager::Secret"))
        .hasSize(2)
        .allSatisfy(
            secret -> {
              assertThat(secret.has("SecretString")).isFalse();
              assertThat(secret.path("GenerateSecretString").path("PasswordLength").asInt())
                  .isGreaterThanOrEqualTo(30);
            });
  }

  private JsonNode user(String name) {
    return all("AWS::ElastiCache::User").stream()
        .filter(user -> user.path("UserName").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode only(String type) {
    assertThat(all(type)).as(type).hasSize(1);
    return all(type).getFirst();
  }

  private List<JsonNode> all(String type) {
    return Synthesis.get().resources(stack, type).values().stream()
        .map(resource -> resource.path("Properties"))
        .toList();
  }
}
