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
 * @param services how large the services are
 * @param monthlyBudget in USD; half of it spent too early, or all of it foreseen, is told
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
    Services services,
    int monthlyBudget,
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

  /**
   * The services.
   *
   * @param spot whether on spare capacity: a third of the price, and gone with two minutes' notice
   * @param issuer of the tokens that be-api takes
   */
  public record Services(
      Size beApi,
      Size redirector,
      Size eventWorker,
      boolean spot,
      String issuer,
      Sampling sampling) {}

  /**
   * How large a service is.
   *
   * @param cpu of a task, in 1024ths of a processor
   * @param memory of a task, in MiB
   * @param minTasks always there
   * @param maxTasks at most there, however much is asked
   */
  public record Size(int cpu, int memory, int minTasks, int maxTasks) {

    public Size {
      if (minTasks < 1 || maxTasks < minTasks) {
        throw new InvalidConfigurationException(
            "Size(minTasks=%d, maxTasks=%d): there has to be 1 task at least, and not less at most."
                .formatted(minTasks, maxTasks));
      }
    }
  }

  /**
   * Which requests are traced.
   *
   * @param reservoir the first ones of each second
   * @param rate share of the others, 0 to 1
   */
  public record Sampling(int reservoir, double rate) {

    public Sampling {
      if (reservoir < 0 || rate < 0 || rate > 1) {
        throw new InvalidConfigurationException(
            "Sampling(reservoir=%d, rate=%s): reservoir is 0 or more, rate from 0 to 1."
                .formatted(reservoir, rate));
      }
    }
  }

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
        new Services(
            new Size(512, 1024, 1, 2),
            new Size(512, 1024, 1, 2),
            new Size(512, 1024, 1, 2),
            true,
            "https://id.beta.backline.dev",
            new Sampling(1, 1)),
        300,
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
        new Services(
            new Size(1024, 2048, 3, 12),
            new Size(1024, 2048, 3, 24),
            new Size(512, 1024, 2, 12),
            false,
            "https://id.backline.dev",
            new Sampling(1, 0.05)),
        1_500,
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
