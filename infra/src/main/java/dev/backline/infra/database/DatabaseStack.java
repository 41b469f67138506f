package dev.backline.infra.database;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.network.NetworkStack;
import java.util.List;
import java.util.Objects;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.rds.AuroraPostgresClusterEngineProps;
import software.amazon.awscdk.services.rds.AuroraPostgresEngineVersion;
import software.amazon.awscdk.services.rds.ClusterInstance;
import software.amazon.awscdk.services.rds.DatabaseCluster;
import software.amazon.awscdk.services.rds.DatabaseClusterEngine;
import software.amazon.awscdk.services.rds.IDatabaseCluster;
import software.amazon.awscdk.services.rds.ServerlessV2ClusterInstanceProps;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;

/** {@code <env>-database}: Aurora, cache and search. */
public final class DatabaseStack extends BacklineStack {

  private final DatabaseCluster aurora;
  private final Secret cacheSecret;

  public DatabaseStack(App app, EnvConfig env, NetworkStack network) {
    super(app, env, "database");
    aurora =
        DatabaseCluster.Builder.create(this, "Aurora")
            .engine(
                DatabaseClusterEngine.auroraPostgres(
                    AuroraPostgresClusterEngineProps.builder()
                        .version(AuroraPostgresEngineVersion.VER_17_5)
                        .build()))
            .writer(ClusterInstance.serverlessV2("Writer"))
            .readers(
                List.of(
                    ClusterInstance.serverlessV2(
                        "Reader",
                        ServerlessV2ClusterInstanceProps.builder().scaleWithWriter(true).build())))
            .vpc(network.vpc())
            .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PRIVATE_ISOLATED).build())
            .securityGroups(List.of(network.databaseSecurityGroup()))
            .storageEncrypted(true)
            .iamAuthentication(true)
            .deletionProtection(env.protect())
            .build();
    cacheSecret =
        Secret.Builder.create(this, "CacheSecret")
            .generateSecretString(
                SecretStringGenerator.builder()
                    .secretStringTemplate("{\"username\":\"services\"}")
                    .generateStringKey("password")
                    .excludePunctuation(true)
                    .build())
            .build();
  }

  public IDatabaseCluster aurora() {
    return aurora;
  }

  /** User name and password of Aurora. */
  public ISecret auroraSecret() {
    return Objects.requireNonNull(aurora.getSecret());
  }

  public String cacheEndpoint() {
    return "todo";
  }

  public String cachePort() {
    return "6379";
  }

  /** User name and password of the services' user, who may not call KEYS. */
  public ISecret cacheSecret() {
    return cacheSecret;
  }

  public String searchEndpoint() {
    return "todo";
  }
}
