package dev.backline.infra.network;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;

/** {@code <env>-network}: who can reach whom. */
public final class NetworkStack extends BacklineStack {

  /** The addresses from which CloudFront asks origins: a list that AWS keeps in ap-northeast-2. */
  private static final String CLOUDFRONT = "pl-22a6434b";

  private final Vpc vpc;
  private final SecurityGroup alb;
  private final SecurityGroup service;
  private final SecurityGroup database;
  private final SecurityGroup cache;
  private final SecurityGroup search;
  private final SecurityGroup bastion;
  private final SecurityGroup lambda;

  public NetworkStack(App app, EnvConfig env, ManagementNetwork management) {
    super(app, env, "network");
    vpc = vpc(env);
    new FlowLogs(this, vpc, env.protect());
    new NetworkAcls(this, vpc).of(env.network());
    var peering =
        new Peering(this, vpc, env.network(), management.vpc(), Organization.MANAGEMENT_NETWORK);
    if (env.vpn()) {
      new Vpn(this, vpc);
    }

    alb = securityGroup("Alb", "The load balancer");
    service = securityGroup("Service", "The services on ECS");
    lambda = securityGroup("Lambda", "Functions in the VPC");
    bastion = securityGroup("Bastion", "The bastion");
    database = securityGroup("Database", "Aurora");
    cache = securityGroup("Cache", "The cache");
    search = securityGroup("Search", "OpenSearch");

    alb.addIngressRule(Peer.prefixList(CLOUDFRONT), Port.HTTPS, "CloudFront");
    allow(alb, service, Ports.SERVICE, "Load balancer to services");
    allow(service, database, Ports.POSTGRES, "Services to Aurora");
    allow(service, cache, Ports.CACHE, "Services to the cache");
    allow(service, search, 443, "Services to OpenSearch");
    toAws(service);
    toAws(lambda);

    for (var office : Organization.OFFICE_ADDRESSES) {
      bastion.addIngressRule(Peer.ipv4(office.range()), Port.SSH, "Office, over the internet");
    }
    bastion.addIngressRule(
        Peer.ipv4(Organization.OFFICE_NETWORK.range()), Port.SSH, "Office, over the VPN");
    allow(bastion, database, Ports.POSTGRES, "Bastion to Aurora");
    allow(bastion, search, 443, "Bastion to OpenSearch");
    toAws(bastion);
    new Bastion(this, vpc, bastion);

    search.addIngressRule(
        management.logShipperSecurityGroup(), Port.HTTPS, "Log shipper, over the peering");
    // A group of the other network can be named only once the networks are peered.
    search.getNode().addDependency(peering);
  }

  public IVpc vpc() {
    return vpc;
  }

  /** Of the load balancer: lets in CloudFront, and nobody else. */
  public ISecurityGroup albSecurityGroup() {
    return alb;
  }

  /** Of the services on ECS: lets in the load balancer. */
  public ISecurityGroup serviceSecurityGroup() {
    return service;
  }

  /** Of Aurora: lets in the services and the bastion. */
  public ISecurityGroup databaseSecurityGroup() {
    return database;
  }

  /** Of the cache: lets in the services. */
  public ISecurityGroup cacheSecurityGroup() {
    return cache;
  }

  /** Of OpenSearch: lets in the services, the bastion, and the log shipper over the peering. */
  public ISecurityGroup searchSecurityGroup() {
    return search;
  }

  /** Of the bastion: lets in the office. */
  public ISecurityGroup bastionSecurityGroup() {
    return bastion;
  }

  /** Of functions in the VPC: lets in nobody. */
  public ISecurityGroup lambdaSecurityGroup() {
    return lambda;
  }

  private Vpc vpc(EnvConfig env) {
    var made =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(env.network().range()))
            .maxAzs(env.zones())
            .natGateways(env.natGateways())
            // Would take a function with rights of its own; nothing is in that group instead.
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                List.of(
                    Subnets.of("Public", SubnetType.PUBLIC, 24),
                    Subnets.of("Private", SubnetType.PRIVATE_WITH_EGRESS, 20),
                    Subnets.of("Isolated", SubnetType.PRIVATE_ISOLATED, 24)))
            .build();
    made.addGatewayEndpoint(
        "S3",
        GatewayVpcEndpointOptions.builder()
            .service(GatewayVpcEndpointAwsService.S3)
            .subnets(List.of(Subnets.PRIVATE))
            .build());
    made.addGatewayEndpoint(
        "DynamoDb",
        GatewayVpcEndpointOptions.builder()
            .service(GatewayVpcEndpointAwsService.DYNAMODB)
            .subnets(List.of(Subnets.PRIVATE))
            .build());
    return made;
  }

  /** Groups reach and are reached only as the rules of this class say. */
  private SecurityGroup securityGroup(String name, String description) {
    return SecurityGroup.Builder.create(this, name + "SecurityGroup")
        .vpc(vpc)
        .description(description)
        .allowAllOutbound(false)
        .build();
  }

  private static void allow(SecurityGroup from, SecurityGroup to, int port, String description) {
    from.addEgressRule(to, Port.tcp(port), description);
    to.addIngressRule(from, Port.tcp(port), description);
  }

  private static void toAws(SecurityGroup from) {
    from.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS");
  }
}
