package dev.backline.infra.edge;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.InvalidConfigurationException;
import dev.backline.infra.edge.Distributions.FunctionSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.CertificateValidation;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.cloudfront.FileCodeOptions;
import software.amazon.awscdk.services.cloudfront.FunctionCode;
import software.amazon.awscdk.services.cloudfront.FunctionRuntime;
import software.amazon.awscdk.services.cloudfront.IFunction;
import software.amazon.awscdk.services.iam.CompositePrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IVersion;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.RuntimeFamily;
import software.amazon.awscdk.services.lambda.VersionOptions;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;

/** {@code <env>-edge}: certificate, firewall and the functions of edge-lambdas. In us-east-1. */
public final class EdgeStack extends BacklineStack {

  /** MB and seconds: Lambda's own defaults, which the schema of distributions.json names. */
  private static final int MEMORY = 128;

  private static final int TIMEOUT = 3;

  private final EnvConfig env;
  private final EdgeBundles bundles;
  private final ICertificate certificate;
  private final Map<String, Firewall> firewalls = new LinkedHashMap<>();
  private final Map<String, IFunction> cloudFrontFunctions = new LinkedHashMap<>();
  private final Map<String, IVersion> edgeFunctions = new LinkedHashMap<>();

  /**
   * @throws InvalidConfigurationException when a function is not built, or nothing says what it may
   *     do
   */
  public EdgeStack(App app, EnvConfig env, Distributions distributions) {
    this.env = env;
    this.bundles = EdgeBundles.of(env.name());
    super(app, env, "edge", EnvConfig.EDGE_REGION);
    // It would make groups that are never written to: at the edge they have other names.
    getNode().setContext("@aws-cdk/aws-lambda:useCdkManagedLogGroup", false);
    certificate = createCertificate();
    distributions
        .webAcls()
        .forEach(
            (name, acl) ->
                firewalls.put(
                    name, new Firewall(this, "Firewall-" + name, env.prefix() + name, acl)));
    distributions
        .functions()
        .forEach(
            (name, settings) -> {
              if (settings.isCloudFrontFunction()) {
                cloudFrontFunctions.put(name, createCloudFrontFunction(name));
              } else {
                edgeFunctions.put(name, createEdgeFunction(name, settings));
              }
            });
  }

  /** Of both distributions. */
  public ICertificate certificate() {
    return certificate;
  }

  /** The web ACL of this name in distributions.json. */
  public String webAclArn(String name) {
    return named(firewalls, name).arn();
  }

  /** Whether this is a CloudFront Function; else it is Lambda@Edge. */
  public boolean isCloudFrontFunction(String name) {
    return cloudFrontFunctions.containsKey(name);
  }

  public IFunction cloudFrontFunction(String name) {
    return named(cloudFrontFunctions, name);
  }

  /** The numbered version to be run: CloudFront takes no alias. */
  public IVersion edgeFunction(String name) {
    return named(edgeFunctions, name);
  }

  private ICertificate createCertificate() {
    var zone = env.domain().zone(this);
    return Certificate.Builder.create(this, "Certificate")
        .domainName(env.domain().web())
        .subjectAlternativeNames(List.of(env.domain().shortLinks()))
        .validation(CertificateValidation.fromDns(zone))
        .build();
  }

  private IFunction createCloudFrontFunction(String name) {
    return software.amazon.awscdk.services.cloudfront.Function.Builder.create(this, name)
        .functionName(env.prefix() + name)
        .runtime(FunctionRuntime.JS_2_0)
        .code(
            FunctionCode.fromFile(
                FileCodeOptions.builder().filePath(bundles.script(name).toString()).build()))
        .build();
  }

  private IVersion createEdgeFunction(String name, FunctionSettings settings) {
    var deployed = new EdgeFunctions(env).of(name);
    // Of this region. In others Lambda makes it when the first viewer comes.
    LogGroup.Builder.create(this, name + "-log")
        .logGroupName(logGroup(name))
        .retention(RetentionDays.ONE_MONTH)
        .removalPolicy(RemovalPolicy.DESTROY)
        .build();
    return Function.Builder.create(this, name)
        .functionName(env.prefix() + name)
        .runtime(new Runtime(settings.runtime(), RuntimeFamily.NODEJS))
        .handler("index.handler")
        .code(Code.fromAsset(bundles.configured(name, deployed.config()).toString()))
        .memorySize(orElse(settings.memory(), MEMORY))
        .timeout(Duration.seconds(orElse(settings.timeout(), TIMEOUT)))
        .role(role(name, deployed))
        // Its replicas at the edge go away hours later; until then it cannot be deleted.
        .currentVersionOptions(VersionOptions.builder().removalPolicy(RemovalPolicy.RETAIN).build())
        .build()
        .getCurrentVersion();
  }

  private Role role(String name, EdgeFunctions.Deployed deployed) {
    var role =
        Role.Builder.create(this, name + "-role")
            .assumedBy(
                new CompositePrincipal(
                    new ServicePrincipal("lambda.amazonaws.com"),
                    new ServicePrincipal("edgelambda.amazonaws.com")))
            .build();
    deployed.may().forEach(role::addToPolicy);
    role.addToPolicy(
        EdgeFunctions.may(
            List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(
                // It writes in the region that is nearest to a viewer, so that is any.
                "arn:aws:logs:*:%s:log-group:%s:*".formatted(env.account(), logGroup(name)))));
    return role;
  }

  private String logGroup(String function) {
    return "/aws/lambda/%s.%s".formatted(EnvConfig.EDGE_REGION, env.prefix() + function);
  }

  private static int orElse(@Nullable Integer value, int usual) {
    return value == null ? usual : value;
  }

  private static <T> T named(Map<String, T> map, String name) {
    T found = map.get(name);
    if (found == null) {
      throw new IllegalArgumentException("There is no %s, only %s".formatted(name, map.keySet()));
    }
    return found;
  }
}
