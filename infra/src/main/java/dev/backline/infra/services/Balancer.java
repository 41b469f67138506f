package dev.backline.infra.services;

import static dev.backline.infra.cdn.CdnStack.ORIGIN_HEADER;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.network.NetworkStack;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.SecretValue;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.CertificateValidation;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListenerRule;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.BaseApplicationListenerProps;
import software.amazon.awscdk.services.elasticloadbalancingv2.DesyncMitigationMode;
import software.amazon.awscdk.services.elasticloadbalancingv2.FixedResponseOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCertificate;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.elasticloadbalancingv2.SslPolicy;
import software.amazon.awscdk.services.elasticloadbalancingv2.WeightedTargetGroup;
import software.amazon.awscdk.services.route53.ARecord;
import software.amazon.awscdk.services.route53.RecordTarget;
import software.amazon.awscdk.services.route53.targets.LoadBalancerTarget;
import software.amazon.awscdk.services.s3.IBucket;
import software.constructs.Construct;

/**
 * The load balancer. It stands in public subnets, since CloudFront's VPC origins refuse functions
 * at origin events, and still answers CloudFront only: its security group lets in CloudFront's
 * addresses, and its rules want a secret that only our distributions send.
 */
final class Balancer extends Construct {

  /** The services' keep-alive is longer (libs/deployment-rules compares). */
  private static final Duration IDLE_TIMEOUT = Duration.seconds(60);

  /** A request with this header, and the secret as its value, is answered by the next version. */
  static final String TEST_HEADER = "x-test-traffic";

  private final ApplicationLoadBalancer alb;
  private final ApplicationListener listener;
  private final Certificate certificate;
  private final String secret;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  Balancer(
      Construct scope,
      EnvConfig env,
      NetworkStack network,
      IBucket accessLogs,
      String originSecretName) {
    super(scope, "Balancer");
    secret = SecretValue.secretsManager(originSecretName).unsafeUnwrap();
    alb =
        ApplicationLoadBalancer.Builder.create(this, "LoadBalancer")
            .vpc(network.vpc())
            .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build())
            .securityGroup(network.albSecurityGroup())
            .internetFacing(true)
            .idleTimeout(IDLE_TIMEOUT)
            .dropInvalidHeaderFields(true)
            .desyncMitigationMode(DesyncMitigationMode.DEFENSIVE)
            .deletionProtection(env.protect())
            .build();
    alb.logAccessLogs(accessLogs, "load-balancer");
    var zone = env.domain().zone(this);
    // CloudFront accepts the name of the origin, or the viewer's Host where that is passed on.
    certificate =
        Certificate.Builder.create(this, "Certificate")
            .domainName(env.domain().origin())
            .subjectAlternativeNames(List.of(env.domain().web()))
            .validation(CertificateValidation.fromDns(zone))
            .build();
    listener =
        alb.addListener(
            "Https",
            BaseApplicationListenerProps.builder()
                .port(443)
                .protocol(ApplicationProtocol.HTTPS)
                .sslPolicy(SslPolicy.RECOMMENDED_TLS)
                .certificates(List.of(ListenerCertificate.fromCertificateManager(certificate)))
                .open(false)
                .defaultAction(
                    ListenerAction.fixedResponse(
                        403, FixedResponseOptions.builder().contentType("text/plain").build()))
                .build());
    ARecord.Builder.create(this, "Name")
        .zone(zone)
        .recordName(env.domain().origin() + ".")
        .target(RecordTarget.fromAlias(new LoadBalancerTarget(alb)))
        .build();
  }

  ApplicationLoadBalancer loadBalancer() {
    return alb;
  }

  Certificate certificate() {
    return certificate;
  }

  /** Sends what CloudFront asks to the first of the targets. */
  ApplicationListenerRule route(
      Construct service, Route route, List<ApplicationTargetGroup> targets) {
    return rule(service, "Route", route.priority(), conditions(route), targets);
  }

  /**
   * Sends the requests of testers to the first of the targets, while a deployment has a new
   * version.
   */
  ApplicationListenerRule testRoute(
      Construct service, Route route, List<ApplicationTargetGroup> targets) {
    var conditions = conditions(route);
    conditions.add(ListenerCondition.httpHeader(TEST_HEADER, List.of(secret)));
    return rule(service, "TestRoute", route.priority() - 1, conditions, targets);
  }

  /**
   * The first of the targets has the weight 1, the others 0: ECS moves the traffic of a deployment
   * by changing the weights, of groups that the rule names.
   */
  private ApplicationListenerRule rule(
      Construct service,
      String id,
      int priority,
      List<ListenerCondition> conditions,
      List<ApplicationTargetGroup> targets) {
    var weighted = new ArrayList<WeightedTargetGroup>();
    for (var target : targets) {
      weighted.add(
          WeightedTargetGroup.builder()
              .targetGroup(target)
              .weight(weighted.isEmpty() ? 1 : 0)
              .build());
    }
    return ApplicationListenerRule.Builder.create(service, id)
        .listener(listener)
        .priority(priority)
        .conditions(conditions)
        .action(ListenerAction.weightedForward(weighted))
        .build();
  }

  private List<ListenerCondition> conditions(Route route) {
    var conditions = new ArrayList<ListenerCondition>();
    conditions.add(ListenerCondition.httpHeader(ORIGIN_HEADER, List.of(secret)));
    conditions.add(ListenerCondition.hostHeaders(List.of(route.host())));
    conditions.add(ListenerCondition.pathPatterns(List.of(route.path())));
    return conditions;
  }

  /**
   * Which requests a service gets.
   *
   * @param priority even; the odd one before it is the test route's
   * @param host the viewer's where CloudFront passes it on, else the origin's
   */
  record Route(int priority, String host, String path) {}
}
