package dev.backline.infra.network;

import dev.backline.infra.Cidr;
import dev.backline.infra.Organization;
import java.util.stream.Stream;
import software.amazon.awscdk.services.ec2.AclCidr;
import software.amazon.awscdk.services.ec2.AclIcmp;
import software.amazon.awscdk.services.ec2.AclTraffic;
import software.amazon.awscdk.services.ec2.CommonNetworkAclEntryOptions;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.NetworkAcl;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.TrafficDirection;
import software.constructs.Construct;

/**
 * What may enter and leave each kind of subnet, whatever the security groups say. Network ACLs keep
 * no state, so answers have to be let through by their ports. They do not apply to Amazon's DNS,
 * time and instance metadata.
 */
final class NetworkAcls extends Construct {

  private static final AclTraffic HTTPS = AclTraffic.tcpPort(443);
  private static final AclTraffic SSH = AclTraffic.tcpPort(22);

  /** Ports that answers go to; those of the services and the databases are among them. */
  private static final AclTraffic ANSWERS = AclTraffic.tcpPortRange(1024, 65535);

  /** "Fragmentation needed": without it large packets vanish where a path has a smaller MTU. */
  private static final AclTraffic PATH_MTU =
      AclTraffic.icmp(AclIcmp.builder().type(3).code(4).build());

  private static final AclCidr ANYWHERE = AclCidr.anyIpv4();

  private final IVpc vpc;

  NetworkAcls(Construct scope, IVpc vpc) {
    this.vpc = vpc;
    super(scope, "NetworkAcls");
  }

  /** Of an environment. */
  void of(Cidr network) {
    var inside = AclCidr.ipv4(network.range());
    var management = AclCidr.ipv4(Organization.MANAGEMENT_NETWORK.range());

    var open = open();
    Stream.concat(Organization.OFFICE_ADDRESSES.stream(), Stream.of(Organization.OFFICE_NETWORK))
        .forEach(office -> open.in(SSH, AclCidr.ipv4(office.range())));
    open.in(HTTPS, ANYWHERE);

    apart(inside);

    var isolated = acl("Isolated", Subnets.ISOLATED);
    isolated.in(AclTraffic.tcpPort(Ports.POSTGRES), inside);
    isolated.in(AclTraffic.tcpPort(Ports.CACHE), inside);
    isolated.in(HTTPS, inside);
    isolated.in(HTTPS, management);
    isolated.out(ANSWERS, inside);
    isolated.out(ANSWERS, management);
  }

  /** Of the management network, which nobody enters. */
  void ofManagement() {
    var inside = AclCidr.ipv4(Organization.MANAGEMENT_NETWORK.range());
    open().in(HTTPS, inside);
    apart(inside);
  }

  /**
   * Load balancer, NAT gateways and bastion: they ask, and are answered; who asks them is added.
   */
  private Acl open() {
    var open = acl("Public", Subnets.PUBLIC);
    open.in(ANSWERS, ANYWHERE);
    open.in(PATH_MTU, ANYWHERE);
    open.out(HTTPS, ANYWHERE);
    open.out(ANSWERS, ANYWHERE);
    open.out(PATH_MTU, ANYWHERE);
    return open;
  }

  /** Services and functions: they ask anybody, and answer inside only. */
  private void apart(AclCidr inside) {
    var apart = acl("Private", Subnets.PRIVATE);
    apart.in(ANSWERS, ANYWHERE);
    apart.in(PATH_MTU, ANYWHERE);
    apart.out(HTTPS, ANYWHERE);
    apart.out(ANSWERS, inside);
  }

  private Acl acl(String name, SubnetSelection subnets) {
    return new Acl(NetworkAcl.Builder.create(this, name).vpc(vpc).subnetSelection(subnets).build());
  }

  /** Rules in the order in which they are added; what none of them allows is dropped. */
  private static final class Acl {

    private final NetworkAcl acl;
    private int in;
    private int out;

    Acl(NetworkAcl acl) {
      this.acl = acl;
    }

    void in(AclTraffic traffic, AclCidr from) {
      add("In" + ++in, 100 * in, TrafficDirection.INGRESS, traffic, from);
    }

    void out(AclTraffic traffic, AclCidr to) {
      add("Out" + ++out, 100 * out, TrafficDirection.EGRESS, traffic, to);
    }

    private void add(
        String id, int number, TrafficDirection direction, AclTraffic traffic, AclCidr other) {
      acl.addEntry(
          id,
          CommonNetworkAclEntryOptions.builder()
              .ruleNumber(number)
              .direction(direction)
              .traffic(traffic)
              .cidr(other)
              .build());
    }
  }
}
