package dev.backline.infra.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.Synthesis;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Members of a VPC's default security group reach each other on every port; whatever names no group
 * of its own would be one.
 */
class DefaultGroupTest {

  /** Where a resource with an address in a VPC names its groups. */
  private static final Map<String, String> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("AWS::EC2::Instance", "/NetworkInterfaces/0/GroupSet");
    GROUPS.put("AWS::ECS::Service", "/NetworkConfiguration/AwsvpcConfiguration/SecurityGroups");
    GROUPS.put("AWS::ElastiCache::ReplicationGroup", "/SecurityGroupIds");
    GROUPS.put("AWS::ElasticLoadBalancingV2::LoadBalancer", "/SecurityGroups");
    GROUPS.put("AWS::OpenSearchService::Domain", "/VPCOptions/SecurityGroupIds");
    GROUPS.put("AWS::RDS::DBCluster", "/VpcSecurityGroupIds");
  }

  @Test
  void nothingIsInTheDefaultGroupOfAVpc() {
    for (var stack : Synthesis.get().stacks()) {
      GROUPS.forEach(
          (type, groups) ->
              assertThat(Synthesis.get().resources(stack, type))
                  .allSatisfy(
                      (id, resource) -> assertNamed(resource.path("Properties").at(groups))));
      assertThat(Synthesis.get().resources(stack, "AWS::Lambda::Function").values())
          .filteredOn(function -> function.path("Properties").has("VpcConfig"))
          .allSatisfy(
              function ->
                  assertNamed(function.path("Properties").at("/VpcConfig/SecurityGroupIds")));
    }
  }

  private static void assertNamed(JsonNode groups) {
    assertThat(groups.toString()).contains("SecurityGroup").doesNotContain("DefaultSecurityGroup");
  }
}
