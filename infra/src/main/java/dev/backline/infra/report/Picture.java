package dev.backline.infra.report;

import dev.backline.infra.report.CloudAssembly.Resource;
import dev.backline.infra.report.CloudAssembly.Stack;
import dev.backline.infra.report.Svg.Box;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A picture of one environment and of what it shares with others. What is drawn where is decided
 * here; whether it is there, its names, sizes, numbers and ports come from the templates.
 */
final class Picture {

  private static final int WIDTH = 1180;
  private static final int MARGIN = 20;
  private static final int GAP = 12;
  private static final int NAME = 28;

  /** The VPC, left of the data. */
  private static final int VPC_WIDTH = 790;

  private static final String CLOUDFRONT = "CloudFront";

  private final CloudAssembly assembly;
  private final String environment;
  private final Svg svg = new Svg(WIDTH);

  private Picture(CloudAssembly assembly, String environment) {
    this.assembly = assembly;
    this.environment = environment;
  }

  static String of(CloudAssembly assembly, String environment) {
    return new Picture(assembly, environment).draw();
  }

  private String draw() {
    long resources = assembly.of(environment).mapToLong(stack -> stack.resources().size()).sum();
    String title =
        "%s: %d resources in %d stacks"
            .formatted(environment, resources, assembly.of(environment).count());
    svg.title(MARGIN, 34, title);
    svg.note(
        MARGIN,
        52,
        "Generated from the templates by Picture (infra); beta and prod differ in the table below.");
    var edge = edge(92);
    svg.arrow(WIDTH / 2, 58, WIDTH / 2, edge.y(), "viewers: HTTPS, HTTP/2 and 3");
    var vpc = vpc(edge.bottom() + 40);
    var data = data(edge.bottom() + 40);
    svg.arrow(200, edge.bottom(), 200, vpc.y(), "HTTPS with a secret header");
    svg.arrow(data.middle(), edge.bottom(), data.middle(), data.y(), "S3, signed (OAC)");
    svg.arrow(vpc.right(), data.y() + 60, data.x(), data.y() + 60, "");
    int y = Math.max(vpc.bottom(), data.bottom()) + GAP;
    table(shared(y).bottom() + 2 * GAP);
    return svg.text(
        "Infrastructure of Backline: " + environment,
        "CloudFront with its firewall and functions, the VPC with its three kinds of subnets, the stores outside of it, and what environments share.");
  }

  /** Distributions and firewall. */
  private Box edge(int y) {
    var cards = new ArrayList<Card>();
    for (var distribution : all("CloudFront::Distribution").toList()) {
      var config = distribution.properties().path("DistributionConfig");
      var lines = new ArrayList<String>();
      config.path("CacheBehaviors").forEach(behavior -> lines.add(behavior(config, behavior)));
      lines.add(behavior(config, config.path("DefaultCacheBehavior")));
      cards.add(new Card("edge", CLOUDFRONT + ": " + config.at("/Aliases/0").asString(), lines));
    }
    all("WAFv2::WebACL")
        .forEach(
            acl ->
                cards.add(
                    new Card(
                        "edge",
                        "WAF",
                        acl.properties()
                            .path("Rules")
                            .valueStream()
                            .map(rule -> rule.path("Name").asString())
                            .toList())));
    var widths = List.of(430, 430, 232);
    var box = new Box(MARGIN, y, WIDTH - 2 * MARGIN, NAME + tallest(cards) + GAP);
    svg.area(box, "us-east-1: %s".formatted(stacks("us-east-1")));
    int x = box.x() + GAP;
    for (int i = 0; i < cards.size(); i++) {
      cards.get(i).draw(svg, x, y + NAME, widths.get(Math.min(i, 2)));
      x += widths.get(Math.min(i, 2)) + GAP;
    }
    return box;
  }

  private String behavior(JsonNode config, JsonNode behavior) {
    String functions =
        Stream.of("FunctionAssociations", "LambdaFunctionAssociations")
            .flatMap(list -> behavior.path(list).valueStream())
            .map(association -> function(association.toString()))
            .distinct()
            .collect(Collectors.joining(", "));
    return "%s → %s%s"
        .formatted(
            behavior.path("PathPattern").asString("else"),
            origin(config, behavior.path("TargetOriginId").asString()),
            functions.isEmpty() ? "" : " · " + functions);
  }

  /** The function whose construct's name is part of a reference. */
  private String function(String reference) {
    return Stream.concat(all("Lambda::Function"), all("CloudFront::Function"))
        .filter(function -> reference.contains(function.id()) || reference.contains(stem(function)))
        .map(function -> function.text("/FunctionName") + function.text("/Name"))
        .map(this::withoutPrefix)
        .findFirst()
        .orElse("?");
  }

  private static String stem(Resource function) {
    return function.id().substring(0, function.id().length() - 8) + "CurrentVersion";
  }

  private static String origin(JsonNode config, String id) {
    return config
        .path("Origins")
        .valueStream()
        .filter(origin -> origin.path("Id").asString().equals(id))
        .map(
            origin ->
                origin.has("S3OriginConfig")
                    ? origin
                        .path("DomainName")
                        .asString()
                        .replaceFirst("^backline-\\w+-(\\w+)-.*", "S3 $1")
                    : "load balancer")
        .findFirst()
        .orElse("?");
  }

  /** Three kinds of subnets, one below the other as requests go. */
  private Box vpc(int y) {
    var tiers = new LinkedHashMap<String, List<Card>>();
    tiers.put("Public", publicCards());
    tiers.put("Private", serviceCards());
    tiers.put("Isolated", storeCards());
    int height = NAME;
    for (var cards : tiers.values()) {
      height += NAME + tallest(cards) + GAP + 26;
    }
    var network = all("EC2::VPC").findFirst().orElseThrow();
    var box = new Box(MARGIN, y, VPC_WIDTH, height - 26 + GAP);
    svg.area(
        box,
        "VPC %s, %d zones, %s: %s"
            .formatted(
                network.text("/CidrBlock"), subnets("Public").size(), region(), stacks(region())));
    int top = y + NAME;
    int x = box.x() + GAP;
    Box above = null;
    for (var tier : tiers.entrySet()) {
      var area = new Box(x, top, VPC_WIDTH - 2 * GAP, NAME + tallest(tier.getValue()) + GAP);
      svg.area(
          area,
          "%s subnets %s"
              .formatted(
                  tier.getKey().toLowerCase(Locale.ROOT),
                  String.join(", ", subnets(tier.getKey()))));
      int at = x + GAP;
      for (var card : tier.getValue()) {
        card.draw(svg, at, top + NAME, 236);
        at += 236 + GAP;
      }
      if (above != null) {
        svg.arrow(x + 120, above.bottom(), x + 120, area.y(), ports(tier.getKey()));
      }
      above = area;
      top = area.bottom() + 26;
    }
    return box;
  }

  private List<Card> publicCards() {
    var cards = new ArrayList<Card>();
    all("ElasticLoadBalancingV2::LoadBalancer")
        .forEach(
            balancer ->
                cards.add(
                    new Card(
                        "svc",
                        "Load balancer",
                        List.of(
                            balancer.text("/Scheme") + ", HTTPS only",
                            "from: " + sources("The load balancer"),
                            "blue and green target groups: "
                                + all("ElasticLoadBalancingV2::TargetGroup").count()))));
    cards.add(
        new Card(
            "net",
            "NAT gateways: " + all("EC2::NatGateway").count(),
            List.of("the way out of private subnets")));
    all("EC2::Instance")
        .forEach(
            bastion ->
                cards.add(
                    new Card(
                        "net",
                        "Bastion",
                        List.of(
                            bastion.text("/InstanceType"), "from: " + sources("The bastion")))));
    return cards;
  }

  private List<Card> serviceCards() {
    return all("ECS::Service")
        .map(
            service -> {
              var task =
                  all("ECS::TaskDefinition").filter(service::refersTo).findFirst().orElseThrow();
              var target =
                  all("ApplicationAutoScaling::ScalableTarget")
                      .filter(each -> each.refersTo(service))
                      .findFirst();
              return new Card(
                  "svc",
                  task.text("/ContainerDefinitions/0/Name"),
                  List.of(
                      rollout(service),
                      target
                              .map(
                                  each ->
                                      "%.0f to %.0f"
                                          .formatted(
                                              each.number("/MinCapacity"),
                                              each.number("/MaxCapacity")))
                              .orElse(service.text("/DesiredCount"))
                          + " tasks of %s vCPU, %s GB"
                              .formatted(
                                  number(task.number("/Cpu") / 1024),
                                  number(task.number("/Memory") / 1024)),
                      "with: "
                          + task.properties()
                              .path("ContainerDefinitions")
                              .valueStream()
                              .skip(1)
                              .map(container -> container.path("Name").asString())
                              .collect(Collectors.joining(", "))));
            })
        .toList();
  }

  private static String rollout(Resource service) {
    var deployment = service.properties().path("DeploymentConfiguration");
    String strategy = deployment.path("Strategy").asString("ROLLING");
    return switch (strategy) {
      case "CANARY" ->
          "canary: %s %%, then all"
              .formatted(number(deployment.at("/CanaryConfiguration/CanaryPercent").asDouble()));
      case "BLUE_GREEN" ->
          "blue/green, %s min to go back".formatted(deployment.path("BakeTimeInMinutes").asInt());
      default ->
          "%s, %d to %d %%"
              .formatted(
                  strategy.toLowerCase(Locale.ROOT),
                  deployment.path("MinimumHealthyPercent").asInt(),
                  deployment.path("MaximumPercent").asInt());
    };
  }

  private List<Card> storeCards() {
    var cards = new ArrayList<Card>();
    all("RDS::DBCluster")
        .forEach(
            cluster ->
                cards.add(
                    new Card(
                        "store",
                        "Aurora PostgreSQL " + cluster.text("/EngineVersion"),
                        List.of(
                            "a writer, readers: " + (all("RDS::DBInstance").count() - 1),
                            "%s to %s ACU each"
                                .formatted(
                                    number(
                                        cluster.number(
                                            "/ServerlessV2ScalingConfiguration/MinCapacity")),
                                    number(
                                        cluster.number(
                                            "/ServerlessV2ScalingConfiguration/MaxCapacity"))),
                            "from: " + sources("Aurora")))));
    all("ElastiCache::ReplicationGroup")
        .forEach(
            group ->
                cards.add(
                    new Card(
                        "store",
                        "Valkey " + group.text("/EngineVersion"),
                        List.of(
                            "%s × %s".formatted(cacheNodes(group), group.text("/CacheNodeType")),
                            "TLS, users without KEYS",
                            "from: " + sources("The cache")))));
    all("OpenSearchService::Domain")
        .forEach(
            domain ->
                cards.add(
                    new Card(
                        "store",
                        "OpenSearch",
                        List.of(
                            "%s × %s"
                                .formatted(
                                    number(domain.number("/ClusterConfig/InstanceCount")),
                                    domain.text("/ClusterConfig/InstanceType")),
                            "logs; campaigns in Korean",
                            "from: " + sources("OpenSearch")))));
    return cards;
  }

  /** Who gets into a security group, by its description. */
  private String sources(String description) {
    var group =
        all("EC2::SecurityGroup")
            .filter(each -> each.text("/GroupDescription").equals(description))
            .findFirst();
    if (group.isEmpty()) {
      return "nobody";
    }
    var own = group.get().properties().path("SecurityGroupIngress").valueStream();
    var others =
        all("EC2::SecurityGroupIngress")
            .filter(rule -> rule.properties().path("GroupId").toString().contains(group.get().id()))
            .map(Resource::properties);
    return Stream.concat(own, others)
        .map(rule -> rule.path("Description").asString().replaceFirst(" to .*|, over.*", ""))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** Into the groups of a kind of subnets, from the groups above. */
  private String ports(String tier) {
    var wanted =
        tier.equals("Private")
            ? List.of("The services on ECS")
            : List.of("Aurora", "The cache", "OpenSearch");
    var ids =
        all("EC2::SecurityGroup")
            .filter(group -> wanted.contains(group.text("/GroupDescription")))
            .map(Resource::id)
            .toList();
    return all("EC2::SecurityGroupIngress")
        .filter(
            rule -> ids.stream().anyMatch(rule.properties().path("GroupId").toString()::contains))
        .map(rule -> rule.text("/FromPort"))
        .distinct()
        .collect(Collectors.joining(", ", "port ", ""));
  }

  /** What is outside of the VPC. */
  private Box data(int y) {
    int x = MARGIN + VPC_WIDTH + GAP;
    int width = WIDTH - x - MARGIN;
    var cards = new ArrayList<Card>();
    cards.add(
        new Card(
            "store",
            "DynamoDB global tables",
            all("DynamoDB::GlobalTable")
                .map(
                    table ->
                        "%s: %s"
                            .formatted(
                                withoutPrefix(table.text("/TableName")),
                                table
                                    .properties()
                                    .path("Replicas")
                                    .valueStream()
                                    .map(replica -> replica.path("Region").asString())
                                    .sorted()
                                    .collect(Collectors.joining(", "))))
                .toList()));
    all("SNS::Topic")
        .filter(
            topic ->
                all("SNS::Subscription")
                    .anyMatch(each -> each.refersTo(topic) && each.text("/Protocol").equals("sqs")))
        .forEach(
            topic ->
                cards.add(
                    new Card("msg", "SNS", List.of(withoutPrefix(topic.text("/TopicName"))))));
    cards.add(
        new Card(
            "msg",
            "SQS",
            all("SQS::Queue")
                .filter(queue -> queue.properties().has("RedrivePolicy"))
                .map(
                    queue ->
                        "%s, %d tries, then %1$s-dlq"
                            .formatted(
                                withoutPrefix(queue.text("/QueueName")),
                                queue.properties().at("/RedrivePolicy/maxReceiveCount").asInt()))
                .toList()));
    cards.add(
        new Card(
            "store",
            "S3",
            all("S3::Bucket")
                .map(
                    bucket ->
                        bucket.text("/BucketName").replaceFirst("backline-\\w+-(.*)-\\d+", "$1"))
                .toList()));
    cards.add(
        new Card(
            "obs",
            "CloudWatch and X-Ray",
            List.of(
                "alarms, each with a runbook: " + all("CloudWatch::Alarm").count(),
                "dashboards: " + all("CloudWatch::Dashboard").count(),
                "groups of traces: " + all("XRay::Group").count(),
                "logs to OpenSearch: " + all("Logs::SubscriptionFilter").count() + " services")));
    int height = NAME + cards.stream().mapToInt(card -> card.height() + GAP).sum();
    var box = new Box(x, y, width, height);
    svg.area(box, "outside of the VPC, " + region());
    int top = y + NAME;
    for (var card : cards) {
      top = card.draw(svg, x + GAP, top, width - 2 * GAP).bottom() + GAP;
    }
    return box;
  }

  /** What environments share, and the office. */
  private Box shared(int y) {
    var cards = new ArrayList<Card>();
    everywhere("EC2::VPC", "management")
        .forEach(
            network ->
                cards.add(
                    new Card(
                        "net",
                        "Management VPC " + network.text("/CidrBlock"),
                        List.of(
                            "peered with: "
                                + assembly.stacks().stream()
                                    .filter(
                                        stack ->
                                            stack
                                                .of("EC2::VPCPeeringConnection")
                                                .findAny()
                                                .isPresent())
                                    .map(Stack::environment)
                                    .collect(Collectors.joining(", ")),
                            "runs the function that ships logs"))));
    cards.add(
        new Card(
            "net",
            "People, with MFA",
            everywhere("IAM::Group", "management")
                .map(group -> group.text("/GroupName"))
                .toList()));
    cards.add(
        new Card(
            "net",
            "Deployments by GitHub, without keys",
            everywhere("IAM::Role", "delivery").map(role -> role.text("/RoleName")).toList()));
    cards.add(
        new Card(
            "net",
            "Office",
            List.of(
                "VPN (IPsec) to: "
                    + assembly.stacks().stream()
                        .filter(stack -> stack.of("EC2::VPNConnection").findAny().isPresent())
                        .map(Stack::environment)
                        .collect(Collectors.joining(", ")),
                "home reaches the office by its own VPN")));
    var box = new Box(MARGIN, y, WIDTH - 2 * MARGIN, NAME + tallest(cards) + GAP);
    svg.area(box, "shared: management, delivery");
    int width = (box.width() - GAP) / cards.size() - GAP;
    int x = box.x() + GAP;
    for (var card : cards) {
      card.draw(svg, x, y + NAME, width);
      x += width + GAP;
    }
    return box;
  }

  /** In what environments differ. */
  private void table(int y) {
    var environments =
        assembly.environments().stream()
            .filter(name -> assembly.of(name).anyMatch(stack -> stack.name().endsWith("-network")))
            .toList();
    var rows = new LinkedHashMap<String, Map<String, String>>();
    for (var name : environments) {
      var own = new Picture(assembly, name);
      row(rows, "zones", name, String.valueOf(own.subnets("Public").size()));
      row(rows, "NAT gateways", name, String.valueOf(own.all("EC2::NatGateway").count()));
      row(rows, "VPN", name, String.valueOf(own.all("EC2::VPNConnection").count()));
      row(
          rows,
          "tasks at least",
          name,
          number(
              own.all("ApplicationAutoScaling::ScalableTarget")
                  .mapToDouble(each -> each.number("/MinCapacity"))
                  .sum()));
      row(
          rows,
          "Valkey nodes",
          name,
          own.all("ElastiCache::ReplicationGroup")
              .map(Picture::cacheNodes)
              .collect(Collectors.joining()));
      row(
          rows,
          "OpenSearch nodes",
          name,
          number(
              own.all("OpenSearchService::Domain")
                  .mapToDouble(each -> each.number("/ClusterConfig/InstanceCount"))
                  .sum()));
      row(
          rows,
          "resources",
          name,
          String.valueOf(assembly.of(name).mapToLong(stack -> stack.resources().size()).sum()));
    }
    int x = MARGIN + GAP;
    for (int i = 0; i < environments.size(); i++) {
      svg.note(x, y + 18 * (i + 1) + 6, environments.get(i));
    }
    x += 80;
    for (var row : rows.entrySet()) {
      svg.note(x, y, row.getKey());
      for (int i = 0; i < environments.size(); i++) {
        svg.note(x, y + 18 * (i + 1) + 6, String.valueOf(row.getValue().get(environments.get(i))));
      }
      x += 150;
    }
  }

  private static void row(
      Map<String, Map<String, String>> rows, String label, String environment, String value) {
    rows.computeIfAbsent(label, name -> new LinkedHashMap<>()).put(environment, value);
  }

  private record Card(String kind, String heading, List<String> lines) {

    int height() {
      return Svg.cardHeight(lines.size());
    }

    Box draw(Svg svg, int x, int y, int width) {
      return svg.card(kind, x, y, width, heading, lines);
    }
  }

  private static int tallest(List<Card> cards) {
    return cards.stream().mapToInt(Card::height).max().orElse(0);
  }

  private static String cacheNodes(Resource group) {
    return number(
        Math.max(
            group.number("/NumCacheClusters"),
            Math.max(1, group.number("/NumNodeGroups"))
                * (1 + group.number("/ReplicasPerNodeGroup"))));
  }

  private static String number(double number) {
    return number == Math.rint(number)
        ? String.valueOf((long) number)
        : String.format(Locale.ROOT, "%.2f", number).replaceFirst("0+$", "");
  }

  /** Networks of the subnets of a kind. */
  private List<String> subnets(String kind) {
    return all("EC2::Subnet")
        .filter(
            subnet ->
                subnet
                    .properties()
                    .path("Tags")
                    .valueStream()
                    .anyMatch(
                        tag ->
                            tag.path("Key").asString().equals("aws-cdk:subnet-name")
                                && tag.path("Value").asString().equals(kind)))
        .map(subnet -> subnet.text("/CidrBlock"))
        .toList();
  }

  private String stacks(String region) {
    return assembly
        .of(environment)
        .filter(stack -> stack.region().equals(region))
        .map(Stack::name)
        .collect(Collectors.joining(", "));
  }

  /** Of most stacks. */
  private String region() {
    return assembly.of(environment).findFirst().orElseThrow().region();
  }

  private String withoutPrefix(String name) {
    return name.startsWith(environment + "-") ? name.substring(environment.length() + 1) : name;
  }

  private Stream<Resource> all(String type) {
    return assembly.of(environment).flatMap(stack -> stack.of(type));
  }

  private Stream<Resource> everywhere(String type, String stack) {
    return assembly.of(stack).flatMap(each -> each.of(type));
  }
}
