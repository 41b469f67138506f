package dev.backline.infra;

import dev.backline.infra.cdn.CdnStack;
import dev.backline.infra.data.DataStack;
import dev.backline.infra.database.DatabaseStack;
import dev.backline.infra.edge.Distributions;
import dev.backline.infra.edge.EdgeStack;
import dev.backline.infra.management.ManagementStack;
import dev.backline.infra.network.NetworkStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Makes the templates of all stacks: {@code infra/cdk.out}. */
public final class InfraApp {

  private InfraApp() {}

  public static void main(String[] args) {
    var app = App.Builder.create().outdir("cdk.out").context(context()).build();
    build(app);
    app.synth();
  }

  /** All stacks, in the order in which they are deployed. */
  public static List<Stack> build(App app) {
    var stacks = new ArrayList<Stack>();
    var distributions = Distributions.load(Distributions.FILE);
    var management = new ManagementStack(app);
    stacks.add(management);
    for (var env : EnvConfig.all()) {
      var network = new NetworkStack(app, env, management);
      var data = new DataStack(app, env);
      var database = new DatabaseStack(app, env, network);
      var edge = new EdgeStack(app, env, distributions);
      var cdn = new CdnStack(app, env, distributions, data, edge);
      stacks.addAll(List.of(network, data, database, edge, cdn));
    }
    Acknowledged.in(stacks);
    return stacks;
  }

  /** The feature flags of cdk.json, which the CDK reads by itself only where its CLI starts it. */
  public static Map<String, Object> context() {
    var mapper = JsonMapper.shared();
    var context = mapper.readTree(Path.of("cdk.json")).path("context");
    return mapper.convertValue(context, new TypeReference<Map<String, Object>>() {});
  }
}
