package dev.backline.infra;

import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;

/** A stack that is synthesized without asking AWS anything. */
@SuppressWarnings("this-escape") // the CDK builds its tree in constructors
public abstract class BacklineStack extends Stack {

  private final int zones;

  /** A stack of an environment, in its own region. */
  protected BacklineStack(App app, EnvConfig env, String part) {
    this(app, env, part, env.region());
  }

  /** A stack of an environment, in another region. */
  protected BacklineStack(App app, EnvConfig env, String part, String region) {
    this(
        app,
        env.name() + "-" + part,
        env.name(),
        env.account(),
        region,
        env.zones(),
        env.protect());
  }

  /** A stack that environments share. */
  protected BacklineStack(
      App app,
      String name,
      String environment,
      String account,
      String region,
      int zones,
      boolean protect) {
    this.zones = zones;
    super(
        app,
        name,
        StackProps.builder()
            .stackName(name)
            .env(Environment.builder().account(account).region(region).build())
            .terminationProtection(protect)
            .build());
    Tags.of(this).add("application", "backline");
    Tags.of(this).add("environment", environment);
  }

  /** CloudFormation takes the first zones of the region when it deploys. */
  @Override
  public List<String> getAvailabilityZones() {
    return IntStream.range(0, zones).mapToObj(i -> Fn.select(i, Fn.getAzs())).toList();
  }
}
