package dev.backline.infra.database;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.network.NetworkStack;
import dev.backline.infra.network.Ports;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.elasticache.CfnParameterGroup;
import software.amazon.awscdk.services.elasticache.CfnReplicationGroup;
import software.amazon.awscdk.services.elasticache.CfnSubnetGroup;
import software.amazon.awscdk.services.elasticache.CfnUser;
import software.amazon.awscdk.services.elasticache.CfnUserGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * Valkey with TLS and one user for the services, who reaches the keys and channels of the suite
 * only and may call nothing dangerous: no KEYS, no FLUSHALL, no CONFIG.
 */
final class Valkey extends Construct {

  static final String USER = "services";

  /**
   * What is in the category "dangerous" goes, KEYS among it; INFO comes back, since the health
   * check asks for it.
   */
  static final String ACCESS =
      "on ~redirector:* resetchannels &backline:* -@all +@read +@write +@pubsub +@connection -@dangerous +info";

  private final CfnReplicationGroup group;
  private final Secret secret;

  Valkey(Construct scope, EnvConfig env, NetworkStack network) {
    super(scope, "Valkey");
    secret =
        Secret.Builder.create(this, "Secret")
            .description("The services' user of the cache of " + env.name())
            .generateSecretString(
                SecretStringGenerator.builder()
                    .secretStringTemplate("{\"username\":\"" + USER + "\"}")
                    .generateStringKey("password")
                    .passwordLength(64)
                    .excludePunctuation(true)
                    .build())
            .build();
    var services = user(env, USER, ACCESS);
    // A group needs a user of this name. It is off: its password opens nothing.
    var nobody = user(env, "default", "off -@all");
    var users =
        CfnUserGroup.Builder.create(this, "Users")
            .engine("valkey")
            .userGroupId(env.prefix() + "services")
            .userIds(List.of(services.getRef(), nobody.getRef()))
            .build();
    var slowLog =
        LogGroup.Builder.create(this, "SlowLog")
            .retention(RetentionDays.TWO_WEEKS)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    group =
        CfnReplicationGroup.Builder.create(this, "Group")
            .replicationGroupDescription(
                "The redirectors' shared cache, and the notices of changed links")
            .engine("valkey")
            .engineVersion("8.0")
            .cacheNodeType(env.cache().nodeType())
            .numCacheClusters(1 + env.cache().replicas())
            .automaticFailoverEnabled(true)
            .multiAzEnabled(true)
            .port(Ports.CACHE)
            .cacheSubnetGroupName(subnets(network).getRef())
            .securityGroupIds(List.of(network.cacheSecurityGroup().getSecurityGroupId()))
            .cacheParameterGroupName(parameters().getRef())
            .userGroupIds(List.of(users.getRef()))
            .transitEncryptionEnabled(true)
            .transitEncryptionMode("required")
            .atRestEncryptionEnabled(true)
            .autoMinorVersionUpgrade(true)
            .preferredMaintenanceWindow("sun:19:00-sun:20:00")
            .logDeliveryConfigurations(
                List.of(
                    CfnReplicationGroup.LogDeliveryConfigurationRequestProperty.builder()
                        .logType("slow-log")
                        .logFormat("json")
                        .destinationType("cloudwatch-logs")
                        .destinationDetails(
                            CfnReplicationGroup.DestinationDetailsProperty.builder()
                                .cloudWatchLogsDetails(
                                    CfnReplicationGroup.CloudWatchLogsDestinationDetailsProperty
                                        .builder()
                                        .logGroup(slowLog.getLogGroupName())
                                        .build())
                                .build())
                        .build()))
            .build();
  }

  String endpoint() {
    return group.getAttrPrimaryEndPointAddress();
  }

  String port() {
    return group.getAttrPrimaryEndPointPort();
  }

  String replicationGroupId() {
    return group.getRef();
  }

  ISecret secret() {
    return secret;
  }

  private CfnUser user(EnvConfig env, String name, String access) {
    return CfnUser.Builder.create(this, "User-" + name)
        .engine("valkey")
        .userId(env.prefix() + name)
        .userName(name)
        .accessString(access)
        .passwords(List.of(secret.secretValueFromJson("password").unsafeUnwrap()))
        .build();
  }

  private CfnSubnetGroup subnets(NetworkStack network) {
    return CfnSubnetGroup.Builder.create(this, "Subnets")
        .description("Isolated subnets")
        .subnetIds(network.vpc().getIsolatedSubnets().stream().map(ISubnet::getSubnetId).toList())
        .build();
  }

  private CfnParameterGroup parameters() {
    return CfnParameterGroup.Builder.create(this, "Parameters")
        .cacheParameterGroupFamily("valkey8")
        .description("All of it is a cache: what is asked for least goes first")
        .properties(Map.of("maxmemory-policy", "allkeys-lfu"))
        .build();
  }
}
