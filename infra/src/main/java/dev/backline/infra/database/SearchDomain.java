package dev.backline.infra.database;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.network.NetworkStack;
import dev.backline.infra.network.Subnets;
import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.EbsDeviceVolumeType;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.ResourcePolicy;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.opensearchservice.CapacityConfig;
import software.amazon.awscdk.services.opensearchservice.CfnDomain;
import software.amazon.awscdk.services.opensearchservice.Domain;
import software.amazon.awscdk.services.opensearchservice.EbsOptions;
import software.amazon.awscdk.services.opensearchservice.EncryptionAtRestOptions;
import software.amazon.awscdk.services.opensearchservice.EngineVersion;
import software.amazon.awscdk.services.opensearchservice.LoggingOptions;
import software.amazon.awscdk.services.opensearchservice.TLSSecurityPolicy;
import software.amazon.awscdk.services.opensearchservice.ZoneAwarenessConfig;
import software.constructs.Construct;

/**
 * OpenSearch in the VPC, for the logs of the environment and an index of campaigns with Korean
 * analysis ({@code search/campaigns.json}; the Seunjeon plug-in is part of every domain). Requests
 * are signed; what a role may is in the role's policies.
 */
final class SearchDomain extends Construct {

  private final Domain domain;

  SearchDomain(Construct scope, EnvConfig env, NetworkStack network) {
    super(scope, "Search");
    var name = "backline-" + env.name();
    var logs =
        LogGroup.Builder.create(this, "Logs")
            .retention(RetentionDays.TWO_WEEKS)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var mayWriteLogs =
        ResourcePolicy.Builder.create(this, "MayWriteLogs")
            .policyStatements(
                List.of(
                    PolicyStatement.Builder.create()
                        .principals(List.of(new ServicePrincipal("es.amazonaws.com")))
                        .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
                        .resources(List.of(logs.getLogGroupArn()))
                        .build()))
            .build();
    domain =
        Domain.Builder.create(this, "Domain")
            .domainName(name)
            .version(EngineVersion.OPENSEARCH_2_19)
            .capacity(
                CapacityConfig.builder()
                    .dataNodeInstanceType(env.search().nodeType())
                    .dataNodes(env.search().nodes())
                    .multiAzWithStandbyEnabled(false)
                    .build())
            .zoneAwareness(
                ZoneAwarenessConfig.builder()
                    .enabled(true)
                    .availabilityZoneCount(env.zones())
                    .build())
            .ebs(
                EbsOptions.builder()
                    .volumeType(EbsDeviceVolumeType.GP3)
                    .volumeSize(env.search().gigabytes())
                    .build())
            .vpc(network.vpc())
            .vpcSubnets(List.of(Subnets.ISOLATED))
            .securityGroups(List.of(network.searchSecurityGroup()))
            .enforceHttps(true)
            .tlsSecurityPolicy(TLSSecurityPolicy.TLS_1_2_PFS)
            .nodeToNodeEncryption(true)
            .encryptionAtRest(EncryptionAtRestOptions.builder().enabled(true).build())
            .logging(
                LoggingOptions.builder()
                    .appLogEnabled(true)
                    .appLogGroup(logs)
                    .slowSearchLogEnabled(true)
                    .slowSearchLogGroup(logs)
                    .slowIndexLogEnabled(true)
                    .slowIndexLogGroup(logs)
                    .build())
            // The construct's own is made by a function; ours is a resource.
            .suppressLogsResourcePolicy(true)
            .enableAutoSoftwareUpdate(true)
            .removalPolicy(env.protect() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    domain.getNode().addDependency(mayWriteLogs);
    ((CfnDomain) domain.getNode().getDefaultChild()).setAccessPolicies(access(env, name));
  }

  Domain domain() {
    return domain;
  }

  /** Nobody but roles of this account whose own policies say so. */
  private static PolicyDocument access(EnvConfig env, String name) {
    return PolicyDocument.Builder.create()
        .statements(
            List.of(
                PolicyStatement.Builder.create()
                    .principals(List.of(new AccountRootPrincipal()))
                    .actions(
                        List.of(
                            "es:ESHttpDelete",
                            "es:ESHttpGet",
                            "es:ESHttpHead",
                            "es:ESHttpPost",
                            "es:ESHttpPut"))
                    .resources(
                        List.of(
                            "arn:aws:es:%s:%s:domain/%s/*"
                                .formatted(env.region(), env.account(), name)))
                    .build()))
        .build();
  }
}
