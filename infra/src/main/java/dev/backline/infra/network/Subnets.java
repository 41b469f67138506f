package dev.backline.infra.network;

import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;

/** The kinds of subnets, and how to choose among them. */
public final class Subnets {

  /** Load balancer, NAT gateways and bastion. */
  public static final SubnetSelection PUBLIC = all(SubnetType.PUBLIC);

  /** Services and functions: they reach the internet, which does not reach them. */
  public static final SubnetSelection PRIVATE = all(SubnetType.PRIVATE_WITH_EGRESS);

  /** Data: no way to the internet at all. */
  public static final SubnetSelection ISOLATED = all(SubnetType.PRIVATE_ISOLATED);

  private Subnets() {}

  static SubnetConfiguration of(String name, SubnetType type, int prefixLength) {
    var subnets = SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(prefixLength);
    if (type == SubnetType.PUBLIC) {
      // A public address is asked for where it is wanted.
      subnets.mapPublicIpOnLaunch(false);
    }
    return subnets.build();
  }

  private static SubnetSelection all(SubnetType type) {
    return SubnetSelection.builder().subnetType(type).build();
  }
}
