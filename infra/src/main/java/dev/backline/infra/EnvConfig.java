package dev.backline.infra;

import java.util.List;

/**
 * One environment: all that differs between environments, and nothing that does not.
 *
 * @param name first part of the name of each stack and of each named resource
 * @param account number of the AWS account
 * @param region where everything but the edge lives
 * @param zones availability zones in use, 2 or 3
 * @param cidr addresses of the VPC, overlapping with no other network
 * @param natGateways 1 is cheap, one per zone survives the loss of a zone
 * @param domain where it is reached
 * @param protect whether data outlives its stack, and a stack refuses to be deleted
 */
public record EnvConfig(
    String name,
    String account,
    String region,
    int zones,
    String cidr,
    int natGateways,
    Domain domain,
    boolean protect) {

  /** Certificates, firewall and functions of CloudFront exist in this region only. */
  public static final String EDGE_REGION = "us-east-1";

  /**
   * The names in DNS.
   *
   * @param zoneName name of the hosted zone
   * @param zoneId id of the hosted zone in Route 53
   * @param web host of the site and the API
   * @param shortLinks host of the short links
   * @param origin host of the load balancer, which only CloudFront asks
   */
  public record Domain(
      String zoneName, String zoneId, String web, String shortLinks, String origin) {}

  public static EnvConfig beta() {
    return new EnvConfig(
        "beta",
        Organization.ACCOUNT,
        Organization.REGION,
        2,
        "10.10.0.0/16",
        1,
        new Domain(
            "backline.dev",
            "Z0000000000000000000",
            "beta.backline.dev",
            "s.beta.backline.dev",
            "origin.beta.backline.dev"),
        false);
  }

  public static EnvConfig prod() {
    return new EnvConfig(
        "prod",
        Organization.ACCOUNT,
        Organization.REGION,
        3,
        "10.20.0.0/16",
        3,
        new Domain(
            "backline.dev",
            "Z0000000000000000000",
            "www.backline.dev",
            "s.backline.dev",
            "origin.backline.dev"),
        true);
  }

  public static List<EnvConfig> all() {
    return List.of(beta(), prod());
  }

  /** Regions that hold each table: the edge reads the nearest one. */
  public List<String> replicas() {
    return List.of(region, EDGE_REGION);
  }

  /** Before the name of each table, queue and topic, since environments share an account. */
  public String prefix() {
    return name + "-";
  }

  /** A bucket's name is taken once in the world. */
  public String bucketName(String bucket) {
    return "backline-" + name + "-" + bucket + "-" + account;
  }
}
