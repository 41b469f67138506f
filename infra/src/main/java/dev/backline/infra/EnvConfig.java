package dev.backline.infra;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awscdk.services.route53.HostedZone;
import software.amazon.awscdk.services.route53.HostedZoneAttributes;
import software.amazon.awscdk.services.route53.IHostedZone;
import software.constructs.Construct;

/**
 * One environment: all that differs between environments, and nothing that does not.
 *
 * @param name first part of the name of each stack and of each named resource
 * @param account number of the AWS account
 * @param region where everything but the edge lives
 * @param zones availability zones in use, 2 or 3
 * @param network addresses of the VPC, overlapping with no other network
 * @param natGateways 1 is cheap, one per zone survives the loss of a zone
 * @param vpn whether the office is connected by IPsec; without it the bastion is reached over the
 *     internet, from the office's addresses
 * @param domain where it is reached
 * @param database sizes of Aurora
 * @param cache sizes of the cache
 * @param search sizes of OpenSearch
 * @param services how large the services are
 * @param monthlyBudget in USD; half of it spent too early, or all of it foreseen, is told
 * @param protect whether data outlives its stack, and nothing with data can be deleted by mistake
 */
public record EnvConfig(
    String name,
    String account,
    String region,
    int zones,
    Cidr network,
    int natGateways,
    boolean vpn,
    Domain domain,
    Database database,
    Cache cache,
    Search search,
    Services services,
    int monthlyBudget,
    boolean protect) {

  /** Certificates, firewall and functions of CloudFront exist in this region only. */
  public static final String EDGE_REGION = "us-east-1";

  public EnvConfig {
    if (!name.matches("[a-z][a-z0-9]{1,9}")) {
      throw new InvalidConfigurationException(
          "The environment's name '"
              + name
              + "' has to be 2 to 10 small letters and digits: names of resources begin with it");
    }
    require(
        name, account.matches("\\d{12}"), "account", account, "the 12 digits of an AWS account");
    require(name, zones == 2 || zones == 3, "zones", zones, "2 or 3");
    require(
        name, natGateways >= 1 && natGateways <= zones, "natGateways", natGateways, "1 to zones");
    require(
        name,
        search.nodes() > 0 && search.nodes() % zones == 0,
        "search.nodes",
        search.nodes(),
        "the same number in each zone");
  }

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
      String zoneName, String zoneId, String web, String shortLinks, String origin) {

    public Domain {
      if (zoneName.isBlank()) {
        throw new InvalidConfigurationException(
            "The domain is missing: zoneName has to be the name of a hosted zone of Route 53, such as example.com");
      }
      require(
          zoneName, zoneId.matches("Z[A-Z0-9]{1,31}"), "zoneId", zoneId, "the id of a hosted zone");
      for (var host : List.of(web, shortLinks, origin)) {
        require(
            zoneName,
            host.equals(zoneName) || host.endsWith("." + zoneName),
            "host",
            host,
            "in the hosted zone");
      }
      require(
          zoneName,
          new HashSet<>(List.of(web, shortLinks, origin)).size() == 3,
          "hosts",
          List.of(web, shortLinks, origin),
          "three different ones");
    }

    /** By its id, since looking it up by its name would ask AWS. */
    public IHostedZone zone(Construct scope) {
      return HostedZone.fromHostedZoneAttributes(
          scope,
          "Zone",
          HostedZoneAttributes.builder().hostedZoneId(zoneId).zoneName(zoneName).build());
    }
  }

  /**
   * Aurora Serverless v2: a writer and readers.
   *
   * @param minCapacity in ACUs (2 GiB each); 0 lets it pause while no connection is open, which is
   *     while be-api does not run
   * @param maxCapacity in ACUs, up to 256
   * @param readers 1 or more, each in another zone; one takes over when the writer is lost
   */
  public record Database(double minCapacity, double maxCapacity, int readers) {

    public Database {
      require(
          "database",
          minCapacity >= 0 && minCapacity <= maxCapacity,
          "minCapacity",
          minCapacity,
          "0 to maxCapacity");
      require(
          "database",
          maxCapacity >= 1 && maxCapacity <= 256,
          "maxCapacity",
          maxCapacity,
          "1 to 256");
      require("database", readers >= 1 && readers <= 15, "readers", readers, "1 to 15");
    }
  }

  /**
   * Valkey: a primary and replicas.
   *
   * @param nodeType such as {@code cache.t4g.micro}
   * @param replicas 1 or more, in other zones
   */
  public record Cache(String nodeType, int replicas) {

    public Cache {
      require("cache", replicas >= 1 && replicas <= 5, "replicas", replicas, "1 to 5");
    }
  }

  /**
   * OpenSearch.
   *
   * @param nodeType such as {@code r7g.medium.search}
   * @param nodes as many in each zone
   * @param gigabytes on each node
   */
  public record Search(String nodeType, int nodes, int gigabytes) {}

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
        new Cidr("10.10.0.0/16"),
        1,
        false,
        new Domain(
            "backline.dev",
            "Z0000000000000000000",
            "beta.backline.dev",
            "s.beta.backline.dev",
            "origin.beta.backline.dev"),
        new Database(0, 4, 1),
        new Cache("cache.t4g.micro", 1),
        new Search("t3.medium.search", 2, 20),
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
        new Cidr("10.20.0.0/16"),
        3,
        true,
        new Domain(
            "backline.dev",
            "Z0000000000000000000",
            "www.backline.dev",
            "s.backline.dev",
            "origin.backline.dev"),
        new Database(1, 16, 1),
        new Cache("cache.t4g.small", 2),
        new Search("r7g.medium.search", 3, 100),
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

  /**
   * The environment of a name.
   *
   * @throws InvalidConfigurationException if there is none
   */
  public static EnvConfig named(String name) {
    return all().stream()
        .filter(env -> env.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidConfigurationException(
                    "There is no environment '"
                        + name
                        + "': choose one of "
                        + all().stream().map(EnvConfig::name).collect(Collectors.joining(", "))));
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

  private static void require(
      String where, boolean satisfied, String what, Object value, String wanted) {
    if (!satisfied) {
      throw new InvalidConfigurationException(
          where + ": " + what + " is '" + value + "', and has to be " + wanted);
    }
  }
}
