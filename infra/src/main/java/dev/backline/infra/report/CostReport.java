package dev.backline.infra.report;

import dev.backline.infra.report.CloudAssembly.Resource;
import dev.backline.infra.report.CloudAssembly.Stack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a month costs before the first request: quantities from the templates, prices from a dated
 * file. What is billed by use is listed without an amount.
 */
public final class CostReport {

  private static final Set<String> BY_USE =
      Set.of(
          "CloudFront::Distribution",
          "CloudFront::Function",
          "DynamoDB::GlobalTable",
          "EC2::FlowLog",
          "ECR::Repository",
          "KinesisFirehose::DeliveryStream",
          "Lambda::Function",
          "Logs::Delivery",
          "Logs::LogGroup",
          "S3::Bucket",
          "SNS::Topic",
          "SQS::Queue",
          "WAFv2::LoggingConfiguration",
          "XRay::SamplingRule");

  /** Services, or single types, that have no price of their own. */
  private static final List<String> FREE =
      List.of(
          "ApplicationAutoScaling::",
          "Budgets::",
          "CertificateManager::",
          "CloudFormation::",
          "CloudFront::CachePolicy",
          "CloudFront::OriginAccessControl",
          "CloudFront::OriginRequestPolicy",
          "CloudFront::ResponseHeadersPolicy",
          "EC2::CustomerGateway",
          "EC2::EIPAssociation",
          "EC2::InternetGateway",
          "EC2::LaunchTemplate",
          "EC2::NetworkAcl",
          "EC2::Route",
          "EC2::SecurityGroup",
          "EC2::Subnet",
          "EC2::VPC",
          "EC2::VPCGatewayAttachment",
          "EC2::VPCPeeringConnection",
          "EC2::VPNConnectionRoute",
          "EC2::VPNGateway",
          "ECS::Cluster",
          "ECS::TaskDefinition",
          "ElastiCache::ParameterGroup",
          "ElastiCache::SubnetGroup",
          "ElastiCache::User",
          "ElasticLoadBalancingV2::Listener",
          "ElasticLoadBalancingV2::TargetGroup",
          "Events::",
          "IAM::",
          "KMS::Alias",
          "Lambda::EventInvokeConfig",
          "Lambda::EventSourceMapping",
          "Lambda::Permission",
          "Lambda::Version",
          "Logs::DeliveryDestination",
          "Logs::DeliverySource",
          "Logs::QueryDefinition",
          "Logs::ResourcePolicy",
          "Logs::SubscriptionFilter",
          "RDS::DBClusterParameterGroup",
          "RDS::DBSubnetGroup",
          "Route53::RecordSet",
          "S3::BucketPolicy",
          "SNS::Subscription",
          "SNS::TopicPolicy",
          "SQS::QueuePolicy",
          "SSM::Parameter",
          "SecretsManager::ResourcePolicy",
          "SecretsManager::SecretTargetAttachment",
          "WAFv2::IPSet",
          "XRay::Group",
          "XRay::ResourcePolicy",
          "XRay::TransactionSearchConfig");

  /** What an instance has where nothing is said: the size of Amazon Linux's image. */
  private static final double ROOT_VOLUME = 8;

  private final CloudAssembly assembly;
  private final Prices prices;

  CostReport(CloudAssembly assembly, Prices prices) {
    this.assembly = assembly;
    this.prices = prices;
  }

  /** Prints the report of the last synthesis. */
  public static void main(String[] args) {
    try {
      System.out.print(
          new CostReport(CloudAssembly.read(CloudAssembly.DIRECTORY), Prices.read(Prices.FILE))
              .text());
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /**
   * A part of the bill.
   *
   * @param label row of the report
   * @param price name in the file of prices
   * @param amount how many of its units run all the time
   * @param counted how many are shown
   */
  record Item(String label, String price, double amount, double counted) {

    private Item(String label, String price, double amount) {
      this(label, price, amount, amount);
    }
  }

  /** Everything that costs something while nobody uses it. */
  List<Item> items(Stack stack) {
    return stack.resources().stream().flatMap(resource -> items(stack, resource)).toList();
  }

  /** US dollars a month. */
  double monthly(String environment) {
    return assembly
        .of(environment)
        .flatMap(stack -> items(stack).stream())
        .mapToDouble(this::cost)
        .sum();
  }

  /** Types that this report has no opinion about: they would be missing in it. */
  Set<String> unknown() {
    var unknown = new LinkedHashSet<String>();
    for (var stack : assembly.stacks()) {
      for (var resource : stack.resources()) {
        String type = shortType(resource);
        if (items(stack, resource).findAny().isEmpty()
            && !isCounted(type)
            && !BY_USE.contains(type)
            && FREE.stream().noneMatch(type::startsWith)) {
          unknown.add(type);
        }
      }
    }
    return unknown;
  }

  /** Types whose items can be none: an instance of Aurora that pauses, say. */
  private static boolean isCounted(String type) {
    return Set.of("RDS::DBCluster", "RDS::DBInstance", "ECS::Service").contains(type)
        || type.startsWith("CDK::")
        || type.startsWith("Custom::");
  }

  private Stream<Item> items(Stack stack, Resource resource) {
    return switch (shortType(resource)) {
      case "EC2::NatGateway" -> Stream.of(new Item("NAT gateways", "nat-gateway", 1));
      case "EC2::EIP" -> Stream.of(publicAddresses(1));
      case "EC2::Instance" -> instance(resource);
      case "EC2::VPNConnection" -> Stream.of(new Item("VPN connection", "vpn-connection", 1));
      case "EC2::VPCEndpoint" -> endpoint(resource);
      case "ElasticLoadBalancingV2::LoadBalancer" ->
          Stream.of(
              new Item("Load balancer", "load-balancer", 1),
              publicAddresses(resource.properties().path("Subnets").size()));
      case "ECS::Service" -> tasks(stack, resource);
      case "RDS::DBInstance" -> aurora(stack);
      case "OpenSearchService::Domain" -> search(resource);
      case "ElastiCache::ReplicationGroup" -> cache(resource);
      case "KMS::Key" -> Stream.of(new Item("Keys", "key", 1));
      case "SecretsManager::Secret" ->
          Stream.of(
              new Item(
                  "Secrets", "secret", 1 + resource.properties().path("ReplicaRegions").size()));
      case "WAFv2::WebACL" ->
          Stream.of(
              new Item("Firewall (WAF)", "web-acl", 1),
              new Item(
                  "Firewall (WAF)", "web-acl-rule", resource.properties().path("Rules").size(), 0));
      case "CloudFront::MonitoringSubscription" ->
          Stream.of(new Item("More metrics of CloudFront", "cloudfront-metrics", 1));
      case "CloudWatch::Alarm", "CloudWatch::CompositeAlarm" ->
          Stream.of(
              new Item(
                  "Alarms",
                  "alarm-metric",
                  Math.max(1, resource.properties().findValues("MetricStat").size()),
                  1));
      case "CloudWatch::Dashboard" -> Stream.of(new Item("Dashboards", "dashboard", 1));
      case "Logs::MetricFilter" -> Stream.of(new Item("Metrics made of logs", "metric", 1));
      case "Route53::HealthCheck" -> Stream.of(new Item("Health checks", "health-check", 1));
      default -> Stream.empty();
    };
  }

  private static Item publicAddresses(int count) {
    return new Item("Public IPv4 addresses", "public-ipv4", count);
  }

  private static Stream<Item> instance(Resource instance) {
    var items = new ArrayList<Item>();
    items.add(new Item("Bastion", "ec2." + instance.text("/InstanceType"), 1));
    double size = instance.number("/BlockDeviceMappings/0/Ebs/VolumeSize");
    items.add(new Item("Bastion", "ebs-gp3-gigabyte", size == 0 ? ROOT_VOLUME : size, 0));
    if (instance.properties().findValues("AssociatePublicIpAddress").stream()
        .anyMatch(value -> value.asBoolean(false))) {
      items.add(publicAddresses(1));
    }
    return items.stream();
  }

  private static Stream<Item> endpoint(Resource endpoint) {
    return endpoint.text("/VpcEndpointType").equals("Interface")
        ? Stream.of(
            new Item(
                "Interface endpoints",
                "interface-endpoint",
                endpoint.properties().path("SubnetIds").size()))
        : Stream.of(new Item("Gateway endpoints", "gateway-endpoint", 1));
  }

  /** As many tasks as there are always: what autoscaling adds is use. */
  private static Stream<Item> tasks(Stack stack, Resource service) {
    var definition =
        stack.of("ECS::TaskDefinition").filter(service::refersTo).findFirst().orElseThrow();
    double tasks =
        stack
            .of("ApplicationAutoScaling::ScalableTarget")
            .filter(target -> target.refersTo(service))
            .mapToDouble(target -> target.number("/MinCapacity"))
            .findFirst()
            .orElse(service.number("/DesiredCount"));
    boolean isSpot =
        service.properties().path("CapacityProviderStrategy").toString().contains("FARGATE_SPOT");
    boolean isArm = definition.text("/RuntimePlatform/CpuArchitecture").equals("ARM64");
    String kind = "fargate%s%s".formatted(isArm ? "-arm" : "", isSpot ? "-spot" : "");
    String label = "Fargate tasks";
    return Stream.of(
        new Item(label, kind + "-vcpu", tasks * definition.number("/Cpu") / 1024, tasks),
        new Item(label, kind + "-gigabyte", tasks * definition.number("/Memory") / 1024, 0));
  }

  private static Stream<Item> aurora(Stack stack) {
    return stack
        .of("RDS::DBCluster")
        .map(cluster -> cluster.number("/ServerlessV2ScalingConfiguration/MinCapacity"))
        .map(capacity -> new Item("Aurora instances, at their minimum", "aurora-acu", capacity, 1));
  }

  private static Stream<Item> search(Resource domain) {
    double nodes = domain.number("/ClusterConfig/InstanceCount");
    String label = "OpenSearch nodes";
    return Stream.of(
        new Item(label, "opensearch." + domain.text("/ClusterConfig/InstanceType"), nodes),
        new Item(
            label, "opensearch-gp3-gigabyte", nodes * domain.number("/EBSOptions/VolumeSize"), 0));
  }

  private static Stream<Item> cache(Resource group) {
    double nodes =
        Math.max(
            group.number("/NumCacheClusters"),
            Math.max(1, group.number("/NumNodeGroups"))
                * (1 + group.number("/ReplicasPerNodeGroup")));
    return Stream.of(new Item("Valkey nodes", "valkey." + group.text("/CacheNodeType"), nodes));
  }

  private double cost(Item item) {
    return item.amount() * prices.monthly(item.price());
  }

  private static String shortType(Resource resource) {
    return resource.type().replaceFirst("^AWS::", "");
  }

  /** A table: a row for each kind of thing, a column for each environment. */
  String text() {
    var environments = assembly.environments();
    var rows = new LinkedHashMap<String, Map<String, double[]>>();
    for (var environment : environments) {
      assembly
          .of(environment)
          .flatMap(stack -> items(stack).stream())
          .forEach(
              item -> {
                var cell =
                    rows.computeIfAbsent(item.label(), label -> new LinkedHashMap<>())
                        .computeIfAbsent(environment, name -> new double[2]);
                cell[0] += item.counted();
                cell[1] += cost(item);
              });
    }
    var text = new StringBuilder("US dollars a month, before the first request\n\n");
    line(text, "", environments);
    rows.entrySet().stream()
        .sorted((a, b) -> Double.compare(sum(b.getValue()), sum(a.getValue())))
        .forEach(
            row ->
                line(
                    text,
                    row.getKey(),
                    environments.stream()
                        .map(name -> row.getValue().get(name))
                        .map(
                            cell ->
                                cell == null
                                    ? ""
                                    : "%.0f = $%s".formatted(cell[0], dollars(cell[1])))
                        .toList()));
    line(
        text, "Together", environments.stream().map(name -> "$" + dollars(monthly(name))).toList());
    return text.append(
            """

            By use, on top: requests and traffic of CloudFront, WAF and the load balancer, data through NAT gateways,
            DynamoDB, SQS, SNS, Lambda, S3, logs and traces, storage of Aurora, what autoscaling adds.
            Prices: %s, %s, in %s. Quantities are those of the templates.
            """
                .formatted(Prices.FILE, prices.date(), prices.region()))
        .toString();
  }

  private static double sum(Map<String, double[]> cells) {
    return cells.values().stream().mapToDouble(cell -> cell[1]).sum();
  }

  private static String dollars(double amount) {
    return String.format(Locale.ROOT, amount < 10 ? "%,.2f" : "%,.0f", amount);
  }

  private static void line(StringBuilder text, String label, List<String> cells) {
    text.append("%-36s".formatted(label));
    cells.forEach(cell -> text.append("%20s".formatted(cell)));
    text.append('\n');
  }
}
