package dev.backline.infra.management;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.Organization;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;

/** {@code management}: the network that looks after the environments, and the people. */
public final class ManagementStack extends BacklineStack {

  private final Vpc vpc;
  private final SecurityGroup logShipper;

  public ManagementStack(App app) {
    super(app, "management", "management", Organization.ACCOUNT, Organization.REGION, 2, true);
    vpc =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(Organization.MANAGEMENT_CIDR))
            .maxAzs(2)
            .natGateways(1)
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                List.of(
                    subnets("Public", SubnetType.PUBLIC),
                    subnets("Private", SubnetType.PRIVATE_WITH_EGRESS)))
            .build();
    vpc.addFlowLog("FlowLog");
    logShipper =
        SecurityGroup.Builder.create(this, "LogShipperSecurityGroup")
            .vpc(vpc)
            .description("The functions that ship logs")
            .allowAllOutbound(false)
            .build();
    logShipper.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "AWS and OpenSearch");
  }

  /** Public and private subnets; peered with the network of each environment. */
  public Vpc vpc() {
    return vpc;
  }

  /** Of the functions that ship logs; the search domain of each environment lets it in. */
  public SecurityGroup logShipperSecurityGroup() {
    return logShipper;
  }

  private static SubnetConfiguration subnets(String name, SubnetType type) {
    return SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(24).build();
  }
}
