package dev.backline.infra.network;

import dev.backline.infra.Organization;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.ec2.CfnCustomerGateway;
import software.amazon.awscdk.services.ec2.CfnVPCGatewayAttachment;
import software.amazon.awscdk.services.ec2.CfnVPNConnection;
import software.amazon.awscdk.services.ec2.CfnVPNConnectionRoute;
import software.amazon.awscdk.services.ec2.CfnVPNGateway;
import software.amazon.awscdk.services.ec2.CfnVPNGatewayRoutePropagation;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.constructs.Construct;

/**
 * IPsec between the office and the public subnets of a VPC, where the bastion is: two tunnels,
 * IKEv2 only, with today's ciphers only. AWS makes up the pre-shared keys, so that no template has
 * them. People at home connect to the office, whose VPN is no part of AWS.
 */
final class Vpn extends Construct {

  private static final String IPSEC = "ipsec.1";

  Vpn(Construct scope, IVpc vpc) {
    super(scope, "Vpn");
    var office =
        CfnCustomerGateway.Builder.create(this, "Office")
            .type(IPSEC)
            .ipAddress(Organization.OFFICE_GATEWAY)
            // Of no meaning with static routes, but required.
            .bgpAsn(65000)
            .build();
    var gateway = CfnVPNGateway.Builder.create(this, "Gateway").type(IPSEC).build();
    var attachment =
        CfnVPCGatewayAttachment.Builder.create(this, "Attachment")
            .vpcId(vpc.getVpcId())
            .vpnGatewayId(gateway.getRef())
            .build();
    var connection =
        CfnVPNConnection.Builder.create(this, "Connection")
            .type(IPSEC)
            .customerGatewayId(office.getRef())
            .vpnGatewayId(gateway.getRef())
            .staticRoutesOnly(true)
            .vpnTunnelOptionsSpecifications(List.of(tunnel(), tunnel()))
            .build();
    CfnVPNConnectionRoute.Builder.create(this, "ToOffice")
        .vpnConnectionId(connection.getRef())
        .destinationCidrBlock(Organization.OFFICE_NETWORK.range())
        .build();
    CfnVPNGatewayRoutePropagation.Builder.create(this, "Propagation")
        .vpnGatewayId(gateway.getRef())
        .routeTableIds(
            vpc.getPublicSubnets().stream()
                .map(ISubnet::getRouteTable)
                .map(table -> table.getRouteTableId())
                .toList())
        .build()
        .getNode()
        .addDependency(attachment);
  }

  private static CfnVPNConnection.VpnTunnelOptionsSpecificationProperty tunnel() {
    return CfnVPNConnection.VpnTunnelOptionsSpecificationProperty.builder()
        .ikeVersions(List.of(Map.of("value", "ikev2")))
        .phase1EncryptionAlgorithms(List.of(Map.of("value", "AES256-GCM-16")))
        .phase1IntegrityAlgorithms(List.of(Map.of("value", "SHA2-384")))
        .phase1DhGroupNumbers(List.of(Map.of("value", 20)))
        .phase2EncryptionAlgorithms(List.of(Map.of("value", "AES256-GCM-16")))
        .phase2IntegrityAlgorithms(List.of(Map.of("value", "SHA2-384")))
        .phase2DhGroupNumbers(List.of(Map.of("value", 20)))
        .build();
  }
}
