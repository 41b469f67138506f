package dev.backline.infra;

import dev.backline.infra.cdn.CdnStack;
import dev.backline.infra.data.DataStack;
import dev.backline.infra.database.DatabaseStack;
import dev.backline.infra.delivery.DeliveryStack;
import dev.backline.infra.edge.Distributions;
import dev.backline.infra.edge.EdgeStack;
import dev.backline.infra.management.ManagementStack;
import dev.backline.infra.network.NetworkStack;
import dev.backline.infra.ops.EdgeOpsStack;
import dev.backline.infra.ops.OpsStack;
import dev.backline.infra.services.ServicesStack;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Makes the templates of all stacks, in {@code cdk.out}. */
public final class InfraApp {

  private InfraApp() {}

  /**
   * Makes those of the environments that are named, or of all. {@code CDK_OUTDIR} is where the
   * CDK's own program wants them, {@code VERSION} the version of the services' images.
   */
  public static void main(String[] args) {
    try {
      var environments =
          args.length == 0 ? EnvConfig.all() : Stream.of(args).map(EnvConfig::named).toList();
      var context = context();
      var version = System.getenv("VERSION");
      if (version != null && !version.isBlank()) {
        context.put("version", version);
      }
      var directory = System.getenv().getOrDefault("CDK_OUTDIR", "cdk.out");
      var app = app(Path.of(directory), context);
      build(app, environments);
      app.synth();
    } catch (InvalidConfigurationException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /** The stacks of all environments, in the order in which they are deployed. */
  public static List<Stack> build(App app) {
    return build(app, EnvConfig.all());
  }

  /**
   * The stacks of some environments, in the order in which they are deployed.
   *
   * @throws InvalidConfigurationException if the environments do not fit together
   */
  public static List<Stack> build(App app, List<EnvConfig> environments) {
    requireApartNetworks(environments);
    var stacks = new ArrayList<Stack>();
    var distributions = Distributions.load(Distributions.FILE);
    var management = new ManagementStack(app);
    var delivery = new DeliveryStack(app);
    stacks.addAll(List.of(management, delivery));
    for (var env : environments) {
      var network = new NetworkStack(app, env, management.network());
      var data = new DataStack(app, env);
      var database = new DatabaseStack(app, env, network);
      var edge = new EdgeStack(app, env, distributions);
      var cdn = new CdnStack(app, env, distributions, data, edge);
      var services = new ServicesStack(app, env, delivery, network, data, database, cdn);
      var ops = new OpsStack(app, env, management.network(), services, data, database, cdn);
      var edgeOps = new EdgeOpsStack(app, env, edge, cdn);
      stacks.addAll(List.of(network, data, database, edge, cdn, services, ops, edgeOps));
    }
    Acknowledged.in(stacks);
    return stacks;
  }

  /**
   * An app that writes into a directory.
   *
   * @throws InvalidConfigurationException if there is no Node.js, in which the CDK runs
   */
  public static App app(Path directory, Map<String, Object> context) {
    try {
      return App.Builder.create().outdir(directory.toString()).context(context).build();
    } catch (UncheckedIOException e) {
      if (String.valueOf(e.getMessage()).contains("Cannot run program")) {
        throw new InvalidConfigurationException(
            "The CDK needs Node.js 22 or newer, and there is none (%s). From the root of the repository: export JSII_NODE=$(scripts/find-node)/node"
                .formatted(e.getMessage()));
      }
      throw e;
    }
  }

  /** The feature flags of cdk.json, which the CDK reads by itself only where its CLI starts it. */
  public static Map<String, Object> context() {
    var mapper = JsonMapper.shared();
    var context = mapper.readTree(Path.of("cdk.json")).path("context");
    return mapper.convertValue(context, new TypeReference<Map<String, Object>>() {});
  }

  /** Peered networks, and those behind a VPN, find each other by their addresses. */
  private static void requireApartNetworks(List<EnvConfig> environments) {
    var networks = new LinkedHashMap<String, Cidr>();
    networks.put("the office", Organization.OFFICE_NETWORK);
    networks.put("management", Organization.MANAGEMENT_NETWORK);
    for (var env : environments) {
      networks.forEach(
          (name, network) -> {
            if (network.overlaps(env.network())) {
              throw new InvalidConfigurationException(
                  "The network of %s, %s, overlaps with that of %s, %s: choose another one in EnvConfig"
                      .formatted(env.name(), env.network(), name, network));
            }
          });
      networks.put(env.name(), env.network());
    }
  }
}
