package dev.backline.infra.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.Synthesis;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@ValueSource(strings = {"beta", "prod"})
class NetworkStackTest {

  private final String stack;
  private final String network;

  NetworkStackTest(String env) {
    stack = env + "-network";
    network = env.equals("beta") ? "10.10.0.0/16" : "10.20.0.0/16";
  }

  @Test
  void theDatabaseIsReachedByServicesAndBastionOnly() {
    assertThat(whoReaches("Database")).containsExactly("Bastion tcp 5432", "Service tcp 5432");
  }

  @Test
  void theCacheIsReachedByServicesOnly() {
    assertThat(whoReaches("Cache")).containsExactly("Service tcp 6379");
  }

  @Test
  void openSearchIsReachedByServicesBastionAndTheLogShipperOfManagementOnly() {
    assertThat(whoReaches("Search"))
        .containsExactly("Bastion tcp 443", "Service tcp 443", "management/LogShipper tcp 443");
  }

  @Test
  void theLoadBalancerIsReachedByCloudFrontOnly() {
    assertThat(whoReaches("Alb")).containsExactly("pl-22a6434b tcp 443");
  }

  @Test
  void servicesAreReachedByTheLoadBalancerOnly() {
    assertThat(whoReaches("Service")).containsExactly("Alb tcp 8080");
  }

  @Test
  void theBastionIsReachedFromTheOfficeOnly() {
    assertThat(whoReaches("Bastion"))
        .containsExactly("172.16.0.0/16 tcp 22", "203.0.113.0/28 tcp 22");
  }

  @Test
  void functionsAreReachedByNobody() {
    assertThat(whoReaches("Lambda")).isEmpty();
  }

  @Test
  void nobodyReachesMoreThanItHasTo() {
    assertThat(whomReaches("Alb")).containsExactly("Service tcp 8080");
    assertThat(whomReaches("Service"))
        .containsExactly(
            "0.0.0.0/0 tcp 443", "Cache tcp 6379", "Database tcp 5432", "Search tcp 443");
    assertThat(whomReaches("Lambda")).containsExactly("0.0.0.0/0 tcp 443");
    assertThat(whomReaches("Bastion"))
        .containsExactly("0.0.0.0/0 tcp 443", "Database tcp 5432", "Search tcp 443");
    for (var data : List.of("Database", "Cache", "Search")) {
      // So the CDK says "nobody": a rule that nothing matches takes the place of the default one.
      assertThat(whomReaches(data)).containsExactly("255.255.255.255/32 icmp 252");
    }
  }

  @Test
  void onlyPublicSubnetsAreReachedByTheInternet() {
    assertThat(defaultRoutesOf("Public"))
        .allSatisfy(route -> assertThat(route.has("GatewayId")).isTrue());
    assertThat(defaultRoutesOf("Private"))
        .allSatisfy(route -> assertThat(route.has("NatGatewayId")).isTrue());
    assertThat(defaultRoutesOf("Public")).hasSameSizeAs(subnets("Public"));
    assertThat(defaultRoutesOf("Private")).hasSameSizeAs(subnets("Private"));
  }

  @Test
  void isolatedSubnetsHaveNoWayOut() {
    assertThat(subnets("Isolated")).isNotEmpty();
    assertThat(defaultRoutesOf("Isolated")).isEmpty();
  }

  @Test
  void noMachineGetsAPublicAddressByItself() {
    assertThat(properties("AWS::EC2::Subnet"))
        .allSatisfy(subnet -> assertThat(subnet.path("MapPublicIpOnLaunch").asBoolean()).isFalse());
  }

  @Test
  void eachSubnetHasANetworkAclOfOurs() {
    assertThat(properties("AWS::EC2::SubnetNetworkAclAssociation"))
        .hasSameSizeAs(properties("AWS::EC2::Subnet"));
  }

  @Test
  void publicSubnetsTakeHttpsAndTheOfficesSsh() {
    assertThat(acl("Public", false))
        .containsExactly(
            "0.0.0.0/0 icmp 3/4",
            "0.0.0.0/0 tcp 1024-65535",
            "0.0.0.0/0 tcp 443",
            "172.16.0.0/16 tcp 22",
            "203.0.113.0/28 tcp 22");
    assertThat(acl("Public", true))
        .containsExactly("0.0.0.0/0 icmp 3/4", "0.0.0.0/0 tcp 1024-65535", "0.0.0.0/0 tcp 443");
  }

  @Test
  void privateSubnetsAskByHttpsAndAnswerInside() {
    assertThat(acl("Private", false))
        .containsExactly("0.0.0.0/0 icmp 3/4", "0.0.0.0/0 tcp 1024-65535");
    assertThat(acl("Private", true))
        .containsExactly("0.0.0.0/0 tcp 443", network + " tcp 1024-65535");
  }

  @Test
  void isolatedSubnetsAreAskedFromInsideAndByManagementAndAskNobody() {
    assertThat(acl("Isolated", false))
        .containsExactly(
            "10.0.0.0/16 tcp 443",
            network + " tcp 443",
            network + " tcp 5432",
            network + " tcp 6379");
    assertThat(acl("Isolated", true))
        .containsExactly("10.0.0.0/16 tcp 1024-65535", network + " tcp 1024-65535");
  }

  @Test
  void s3AndDynamoDbAreReachedWithoutNat() {
    var privateTables = routeTables("Private");
    assertThat(properties("AWS::EC2::VPCEndpoint"))
        .hasSize(2)
        .allSatisfy(
            endpoint -> {
              assertThat(endpoint.path("VpcEndpointType").asString()).isEqualTo("Gateway");
              assertThat(refs(endpoint.path("RouteTableIds"))).isEqualTo(privateTables);
            });
    assertThat(properties("AWS::EC2::VPCEndpoint").toString()).contains(".s3", ".dynamodb");
  }

  @Test
  void whoTalkedToWhomIsLogged() {
    assertThat(properties("AWS::EC2::FlowLog"))
        .singleElement()
        .satisfies(log -> assertThat(log.path("TrafficType").asString()).isEqualTo("ALL"));
  }

  @Test
  void theBastionHoldsNoKeyAndMayNothing() {
    assertThat(properties("AWS::EC2::Instance"))
        .singleElement()
        .satisfies(
            bastion -> {
              assertThat(bastion.has("KeyName")).isFalse();
              assertThat(bastion.path("MetadataOptions").path("HttpTokens").asString())
                  .isEqualTo("required");
              assertThat(bastion.path("BlockDeviceMappings").toString())
                  .contains("\"Encrypted\":true");
              assertThat(bastion.path("NetworkInterfaces").toString())
                  .contains("VpcPublicSubnet1", "BastionSecurityGroup");
            });
    assertThat(properties("AWS::IAM::Policy").toString()).doesNotContain("Bastion");
    assertThat(Synthesis.get().resources(stack, "AWS::IAM::Role").entrySet())
        .filteredOn(role -> role.getKey().startsWith("Bastion"))
        .singleElement()
        .satisfies(
            role ->
                assertThat(role.getValue().path("Properties").has("ManagedPolicyArns")).isFalse());
  }

  @Test
  void dataIsPeeredWithManagementInBothDirectionsAndNothingElseIs() {
    assertThat(properties("AWS::EC2::VPCPeeringConnection")).hasSize(1);
    var routes =
        properties("AWS::EC2::Route").stream()
            .filter(route -> route.has("VpcPeeringConnectionId"))
            .toList();
    assertThat(routes)
        .filteredOn(route -> route.path("DestinationCidrBlock").asString().equals("10.0.0.0/16"))
        .extracting(route -> route.path("RouteTableId").path("Ref").asString())
        .containsExactlyInAnyOrderElementsOf(routeTables("Isolated"));
    assertThat(routes)
        .filteredOn(route -> route.path("DestinationCidrBlock").asString().equals(network))
        .hasSize(2)
        .allSatisfy(
            route ->
                assertThat(route.path("RouteTableId").toString())
                    .contains("management", "PrivateSubnet"));
    assertThat(routes).hasSize(routeTables("Isolated").size() + 2);
  }

  @Test
  void whereThereIsAVpnItIsOneOfTodaysAndEndsAtTheBastionsSubnets() {
    var connections = properties("AWS::EC2::VPNConnection");
    assertThat(connections).hasSize(stack.startsWith("prod") ? 1 : 0);
    for (var connection : connections) {
      assertThat(connection.path("VpnTunnelOptionsSpecifications"))
          .hasSize(2)
          .allSatisfy(
              tunnel -> {
                assertThat(tunnel.path("IKEVersions").toString())
                    .isEqualTo("[{\"Value\":\"ikev2\"}]");
                assertThat(tunnel.has("PreSharedKey")).isFalse();
              });
      assertThat(properties("AWS::EC2::VPNConnectionRoute"))
          .singleElement()
          .satisfies(
              route ->
                  assertThat(route.path("DestinationCidrBlock").asString())
                      .isEqualTo("172.16.0.0/16"));
      assertThat(properties("AWS::EC2::VPNGatewayRoutePropagation"))
          .singleElement()
          .satisfies(
              propagation ->
                  assertThat(refs(propagation.path("RouteTableIds")))
                      .isEqualTo(routeTables("Public")));
    }
  }

  /** Who is let in by a security group, in alphabetical order, such as "Service tcp 5432". */
  private Collection<String> whoReaches(String group) {
    return rules(group, "Ingress", "Source");
  }

  private Collection<String> whomReaches(String group) {
    return rules(group, "Egress", "Destination");
  }

  private Collection<String> rules(String group, String direction, String other) {
    var id = logicalId("AWS::EC2::SecurityGroup", group + "SecurityGroup");
    var ofItself =
        Synthesis.get()
            .json(stack)
            .path("Resources")
            .path(id)
            .path("Properties")
            .path("SecurityGroup" + direction)
            .valueStream();
    var beside =
        properties("AWS::EC2::SecurityGroup" + direction).stream()
            .filter(
                rule -> rule.path("GroupId").path("Fn::GetAtt").path(0).asString("").equals(id));
    return Stream.concat(ofItself, beside)
        .map(rule -> other(rule, other) + ports(rule))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String other(JsonNode rule, String other) {
    if (rule.has("CidrIp")) {
      return rule.path("CidrIp").asString();
    }
    if (rule.has(other + "PrefixListId")) {
      return rule.path(other + "PrefixListId").asString();
    }
    var group = rule.path(other + "SecurityGroupId");
    if (group.has("Fn::GetStackOutput")) {
      var output = group.path("Fn::GetStackOutput");
      return output.path("StackName").asString()
          + "/"
          + output.path("OutputName").asString().replaceAll(".*Network(\\w+)SecurityGroup.*", "$1");
    }
    return group.path("Fn::GetAtt").path(0).asString("?").replaceAll("SecurityGroup.*", "");
  }

  private static String ports(JsonNode rule) {
    var from = rule.path("FromPort").asInt();
    var to = rule.path("ToPort").asInt();
    var protocol = rule.path("IpProtocol").asString();
    return " " + protocol + " " + (from == to || protocol.equals("icmp") ? from : from + "-" + to);
  }

  /** The entries of a network ACL in one direction, in alphabetical order. */
  private Collection<String> acl(String subnets, boolean egress) {
    var id = logicalId("AWS::EC2::NetworkAcl", "NetworkAcls" + subnets);
    return properties("AWS::EC2::NetworkAclEntry").stream()
        .filter(entry -> entry.path("NetworkAclId").path("Ref").asString().equals(id))
        .filter(entry -> entry.path("Egress").asBoolean() == egress)
        .map(
            entry -> {
              assertThat(entry.path("RuleAction").asString()).isEqualTo("allow");
              var range = entry.path("PortRange");
              var icmp = entry.path("Icmp");
              var what =
                  switch (entry.path("Protocol").asInt()) {
                    case 1 -> "icmp " + icmp.path("Type").asInt() + "/" + icmp.path("Code").asInt();
                    case 6 ->
                        "tcp "
                            + (range.path("From").equals(range.path("To"))
                                ? range.path("From").asInt()
                                : range.path("From").asInt() + "-" + range.path("To").asInt());
                    default -> "protocol " + entry.path("Protocol");
                  };
              return entry.path("CidrBlock").asString() + " " + what;
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<JsonNode> subnets(String kind) {
    return properties("AWS::EC2::Subnet").stream()
        .filter(subnet -> subnet.path("Tags").toString().contains("/" + kind + "Subnet"))
        .toList();
  }

  private List<JsonNode> defaultRoutesOf(String kind) {
    var tables = routeTables(kind);
    return properties("AWS::EC2::Route").stream()
        .filter(route -> route.path("DestinationCidrBlock").asString("").equals("0.0.0.0/0"))
        .filter(route -> tables.contains(route.path("RouteTableId").path("Ref").asString()))
        .toList();
  }

  private Set<String> routeTables(String kind) {
    return Synthesis.get().resources(stack, "AWS::EC2::RouteTable").keySet().stream()
        .filter(id -> id.startsWith("Vpc" + kind))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> refs(JsonNode list) {
    return list.valueStream()
        .map(element -> element.path("Ref").asString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String logicalId(String type, String name) {
    return Synthesis.get().resources(stack, type).keySet().stream()
        .filter(id -> id.matches(name + "[0-9A-F]{8}"))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> properties(String type) {
    return Synthesis.get().resources(stack, type).values().stream()
        .map(resource -> resource.path("Properties"))
        .toList();
  }
}
