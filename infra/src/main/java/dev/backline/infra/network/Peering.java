package dev.backline.infra.network;

import dev.backline.infra.Cidr;
import java.util.List;
import software.amazon.awscdk.services.ec2.CfnRoute;
import software.amazon.awscdk.services.ec2.CfnVPCPeeringConnection;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.constructs.Construct;

/**
 * Connects the subnets of an environment that hold data with the private subnets of the management
 * network, and nothing else. In one account and region the connection accepts itself.
 */
final class Peering extends Construct {

  Peering(Construct scope, IVpc vpc, Cidr network, IVpc managementVpc, Cidr managementNetwork) {
    super(scope, "Peering");
    var connection =
        CfnVPCPeeringConnection.Builder.create(this, "Connection")
            .vpcId(vpc.getVpcId())
            .peerVpcId(managementVpc.getVpcId())
            .build();
    routes("ToManagement", vpc.getIsolatedSubnets(), managementNetwork, connection);
    routes("FromManagement", managementVpc.getPrivateSubnets(), network, connection);
  }

  private void routes(
      String name, List<ISubnet> subnets, Cidr destination, CfnVPCPeeringConnection connection) {
    int number = 1;
    for (var subnet : subnets) {
      CfnRoute.Builder.create(this, name + number++)
          .routeTableId(subnet.getRouteTable().getRouteTableId())
          .destinationCidrBlock(destination.range())
          .vpcPeeringConnectionId(connection.getRef())
          .build();
    }
  }
}
