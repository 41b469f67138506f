package dev.backline.infra.network;

import dev.backline.infra.Organization;
import java.util.List;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.constructs.Construct;

/** The network from which the environments are looked after; peered with each of theirs. */
public final class ManagementNetwork extends Construct {

  private final Vpc vpc;
  private final SecurityGroup logShipper;

  public ManagementNetwork(Construct scope, int zones) {
    super(scope, "Network");
    vpc =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(Organization.MANAGEMENT_NETWORK.range()))
            .maxAzs(zones)
            .natGateways(1)
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                List.of(
                    Subnets.of("Public", SubnetType.PUBLIC, 24),
                    Subnets.of("Private", SubnetType.PRIVATE_WITH_EGRESS, 24)))
            .build();
    new FlowLogs(this, vpc, true);
    new NetworkAcls(this, vpc).ofManagement();
    logShipper =
        SecurityGroup.Builder.create(this, "LogShipperSecurityGroup")
            .vpc(vpc)
            .description("The functions that ship logs")
            .allowAllOutbound(false)
            .build();
    logShipper.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS, and OpenSearch over the peering");
  }

  /** Its private subnets are those that reach the environments. */
  public IVpc vpc() {
    return vpc;
  }

  /** Of the functions that ship logs: lets in nobody; OpenSearch lets it in. */
  public ISecurityGroup logShipperSecurityGroup() {
    return logShipper;
  }
}
