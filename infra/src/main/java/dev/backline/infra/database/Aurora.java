package dev.backline.infra.database;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.network.NetworkStack;
import dev.backline.infra.network.Subnets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.rds.AuroraPostgresClusterEngineProps;
import software.amazon.awscdk.services.rds.AuroraPostgresEngineVersion;
import software.amazon.awscdk.services.rds.BackupProps;
import software.amazon.awscdk.services.rds.ClusterInstance;
import software.amazon.awscdk.services.rds.Credentials;
import software.amazon.awscdk.services.rds.DatabaseCluster;
import software.amazon.awscdk.services.rds.DatabaseClusterEngine;
import software.amazon.awscdk.services.rds.IClusterInstance;
import software.amazon.awscdk.services.rds.ParameterGroup;
import software.amazon.awscdk.services.rds.ServerlessV2ClusterInstanceProps;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.constructs.Construct;

/**
 * Aurora PostgreSQL Serverless v2: a writer, and readers of which one takes over when it is lost.
 */
final class Aurora extends Construct {

  static final String DATABASE = "backline";

  private final DatabaseCluster cluster;

  Aurora(Construct scope, EnvConfig env, NetworkStack network) {
    super(scope, "Aurora");
    var engine =
        DatabaseClusterEngine.auroraPostgres(
            AuroraPostgresClusterEngineProps.builder()
                .version(AuroraPostgresEngineVersion.VER_17_7)
                .build());
    // RDS makes the group by itself otherwise, and keeps it for ever.
    var name = env.prefix() + "aurora";
    var logs =
        LogGroup.Builder.create(this, "Logs")
            .logGroupName("/aws/rds/cluster/" + name + "/postgresql")
            .retention(env.protect() ? RetentionDays.THREE_MONTHS : RetentionDays.TWO_WEEKS)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    cluster =
        DatabaseCluster.Builder.create(this, "Cluster")
            .clusterIdentifier(name)
            .engine(engine)
            .parameterGroup(
                ParameterGroup.Builder.create(this, "Parameters")
                    .engine(engine)
                    .description("TLS only; slow queries in the log")
                    .parameters(parameters())
                    .build())
            .defaultDatabaseName(DATABASE)
            .credentials(Credentials.fromGeneratedSecret("backline"))
            .iamAuthentication(true)
            .writer(instance("Writer", 0))
            .readers(
                IntStream.rangeClosed(1, env.database().readers())
                    .mapToObj(number -> instance("Reader" + number, number))
                    .toList())
            .serverlessV2MinCapacity(env.database().minCapacity())
            .serverlessV2MaxCapacity(env.database().maxCapacity())
            .vpc(network.vpc())
            .vpcSubnets(Subnets.ISOLATED)
            .securityGroups(List.of(network.databaseSecurityGroup()))
            .storageEncrypted(true)
            .copyTagsToSnapshot(true)
            .backup(
                BackupProps.builder()
                    .retention(Duration.days(env.protect() ? 30 : 3))
                    // Night in Seoul
                    .preferredWindow("18:00-19:00")
                    .build())
            .preferredMaintenanceWindow("sun:19:00-sun:20:00")
            .cloudwatchLogsExports(List.of("postgresql"))
            .deletionProtection(env.protect())
            .removalPolicy(env.protect() ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY)
            .build();
    cluster.getNode().addDependency(logs);
  }

  DatabaseCluster cluster() {
    return cluster;
  }

  ISecret secret() {
    var secret = cluster.getSecret();
    if (secret == null) {
      throw new IllegalStateException("The cluster has no generated secret");
    }
    return secret;
  }

  private static Map<String, String> parameters() {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("rds.force_ssl", "1");
    parameters.put("log_min_duration_statement", "500");
    return parameters;
  }

  private static IClusterInstance instance(String id, int number) {
    return ClusterInstance.serverlessV2(
        id,
        ServerlessV2ClusterInstanceProps.builder()
            // The first reader is as large as the writer, so that it can take over at once.
            .scaleWithWriter(number <= 1)
            .enablePerformanceInsights(true)
            .build());
  }
}
