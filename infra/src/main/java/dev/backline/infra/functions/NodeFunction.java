package dev.backline.infra.functions;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.assets.AssetOptions;
import software.constructs.Construct;

/** A function of {@code infra/functions}. Its role may write its own log, and what is added. */
public final class NodeFunction extends Construct {

  private static final String SOURCE = "functions";
  private static final int MEMORY_MIB = 256;

  private final Role role;
  private final Function function;

  /**
   * @param file name of the module, without ending
   * @param settings environment variables
   * @param more what else it needs
   */
  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  public NodeFunction(
      Construct scope,
      String id,
      String file,
      Map<String, String> settings,
      Consumer<Function.Builder> more) {
    super(scope, id);
    var logs =
        LogGroup.Builder.create(this, "Logs")
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    logs.grantWrite(role);
    var builder =
        Function.Builder.create(this, "Function")
            .runtime(Runtime.NODEJS_24_X)
            .architecture(Architecture.ARM_64)
            .handler(file + ".handler")
            .code(
                Code.fromAsset(
                    SOURCE,
                    AssetOptions.builder()
                        .exclude(List.of("test", "tsconfig.json", "README.md"))
                        .build()))
            .memorySize(MEMORY_MIB)
            .timeout(Duration.seconds(30))
            .environment(settings)
            .logGroup(logs)
            .role(role);
    more.accept(builder);
    function = builder.build();
  }

  public Function function() {
    return function;
  }

  public void allow(PolicyStatement statement) {
    role.addToPolicy(statement);
  }
}
