package dev.backline.infra.network;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.management.ManagementStack;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;

/** {@code <env>-network}: who can reach whom. */
public final class NetworkStack extends BacklineStack {

  /** The addresses from which CloudFront asks origins, in ap-northeast-2. */
  private static final String CLOUDFRONT = "pl-22a6434b";

  private final Vpc vpc;
  private final SecurityGroup alb;
  private final SecurityGroup service;
  private final SecurityGroup database;
  private final SecurityGroup cache;
  private final SecurityGroup search;
  private final SecurityGroup bastion;
  private final SecurityGroup lambda;

  public NetworkStack(App app, EnvConfig env, ManagementStack management) {
    super(app, env, "network");
    vpc =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(env.cidr()))
            .maxAzs(env.zones())
            .natGateways(env.natGateways())
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                List.of(
                    subnets("Public", SubnetType.PUBLIC, 24),
                    subnets("Private", SubnetType.PRIVATE_WITH_EGRESS, 22),
                    subnets("Isolated", SubnetType.PRIVATE_ISOLATED, 24)))
            .build();
    vpc.addFlowLog("FlowLog");
    alb = securityGroup("Alb", "The load balancer");
    service = securityGroup("Service", "The services on ECS");
    database = securityGroup("Database", "Aurora");
    cache = securityGroup("Cache", "The cache");
    search = securityGroup("Search", "OpenSearch");
    bastion = securityGroup("Bastion", "The bastion");
    lambda = securityGroup("Lambda", "Functions in the VPC");

    alb.addIngressRule(Peer.prefixList(CLOUDFRONT), Port.tcp(443), "CloudFront");
    allow(service, database, Port.POSTGRES, "Services to Aurora");
    allow(bastion, database, Port.POSTGRES, "Bastion to Aurora");
    allow(service, cache, Port.tcp(6379), "Services to the cache");
    service.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS");
    lambda.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS");
    search.addIngressRule(
        management.logShipperSecurityGroup(), Port.HTTPS, "Log shipper, over the peering");
  }

  public IVpc vpc() {
    return vpc;
  }

  /** Of the load balancer: lets in CloudFront only. */
  public ISecurityGroup albSecurityGroup() {
    return alb;
  }

  /** Of the services on ECS. */
  public ISecurityGroup serviceSecurityGroup() {
    return service;
  }

  public ISecurityGroup databaseSecurityGroup() {
    return database;
  }

  public ISecurityGroup cacheSecurityGroup() {
    return cache;
  }

  public ISecurityGroup searchSecurityGroup() {
    return search;
  }

  public ISecurityGroup bastionSecurityGroup() {
    return bastion;
  }

  /** Of functions in the VPC; reaches AWS only. */
  public ISecurityGroup lambdaSecurityGroup() {
    return lambda;
  }

  private SecurityGroup securityGroup(String name, String description) {
    return SecurityGroup.Builder.create(this, name + "SecurityGroup")
        .vpc(vpc)
        .description(description)
        .allowAllOutbound(false)
        .build();
  }

  private static void allow(SecurityGroup from, SecurityGroup to, Port port, String reason) {
    from.addEgressRule(to, port, reason);
    to.addIngressRule(from, port, reason);
  }

  private static SubnetConfiguration subnets(String name, SubnetType type, int mask) {
    return SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(mask).build();
  }
}
