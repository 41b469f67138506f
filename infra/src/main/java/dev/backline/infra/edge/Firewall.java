package dev.backline.infra.edge;

import dev.backline.infra.edge.Distributions.Action;
import dev.backline.infra.edge.Distributions.Rate;
import dev.backline.infra.edge.Distributions.Rule;
import dev.backline.infra.edge.Distributions.WebAcl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.wafv2.CfnIPSet;
import software.amazon.awscdk.services.wafv2.CfnLoggingConfiguration;
import software.amazon.awscdk.services.wafv2.CfnWebACL;
import software.amazon.awscdk.services.wafv2.CfnWebACL.AllowActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.BlockActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.ByteMatchStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.CountActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.DefaultActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.FieldToMatchProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.IPSetReferenceStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.ManagedRuleGroupStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.NotStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.OrStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.OverrideActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RateBasedStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RuleActionProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.RuleProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.SizeConstraintStatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.StatementProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.TextTransformationProperty;
import software.amazon.awscdk.services.wafv2.CfnWebACL.VisibilityConfigProperty;
import software.constructs.Construct;

/**
 * A web ACL in front of CloudFront. Its rules come in the order of distributions.json, where the
 * desk's firewall reads them, too.
 */
final class Firewall extends Construct {

  private static final String SCOPE = "CLOUDFRONT";

  /** WAF insists on this beginning. */
  private static final String LOG_PREFIX = "aws-waf-logs-";

  /** What a log must not hold. */
  private static final List<String> SECRET_HEADERS = List.of("authorization", "cookie");

  private final String name;
  private final CfnWebACL acl;

  Firewall(Construct scope, String id, String name, WebAcl settings) {
    this.name = name;
    super(scope, id);
    var rules = new ArrayList<RuleProperty>();
    for (var rule : settings.rules()) {
      rules.add(rule(rule, rules.size()));
    }
    acl =
        CfnWebACL.Builder.create(this, "WebAcl")
            .name(name)
            .scope(SCOPE)
            .defaultAction(defaultAction(settings.defaultAction()))
            .rules(rules)
            .visibilityConfig(visibility(name))
            .build();
    log();
  }

  String arn() {
    return acl.getAttrArn();
  }

  private RuleProperty rule(Rule rule, int priority) {
    var built =
        RuleProperty.builder()
            .name(rule.name())
            .priority(priority)
            .visibilityConfig(visibility(rule.name()));
    if (rule.managed() != null) {
      return built
          .statement(managed(rule.managed()))
          .overrideAction(OverrideActionProperty.builder().none(Map.of()).build())
          .build();
    }
    return built.statement(statement(rule)).action(action(rule)).build();
  }

  private StatementProperty statement(Rule rule) {
    if (rule.rate() != null) {
      return rate(rule.rate());
    }
    if (!rule.addresses().isEmpty()) {
      return addresses(rule);
    }
    if (!rule.userAgentContains().isEmpty()) {
      return any(rule.userAgentContains().stream().map(Firewall::userAgentContains).toList());
    }
    return userAgentMissing();
  }

  /** One set holds one family of addresses. */
  private StatementProperty addresses(Rule rule) {
    var sets = new ArrayList<StatementProperty>();
    for (var family : List.of("IPV4", "IPV6")) {
      var addresses =
          rule.addresses().stream()
              .filter(address -> address.contains(":") == family.equals("IPV6"))
              .toList();
      if (!addresses.isEmpty()) {
        var set =
            CfnIPSet.Builder.create(this, rule.name() + "-" + family)
                .name(name + "-" + rule.name() + "-" + family)
                .scope(SCOPE)
                .ipAddressVersion(family)
                .addresses(addresses)
                .build();
        sets.add(
            StatementProperty.builder()
                .ipSetReferenceStatement(
                    IPSetReferenceStatementProperty.builder().arn(set.getAttrArn()).build())
                .build());
      }
    }
    return any(sets);
  }

  private static StatementProperty any(List<StatementProperty> statements) {
    return statements.size() == 1
        ? statements.getFirst()
        : StatementProperty.builder()
            .orStatement(OrStatementProperty.builder().statements(statements).build())
            .build();
  }

  private static StatementProperty userAgentContains(String part) {
    return StatementProperty.builder()
        .byteMatchStatement(
            ByteMatchStatementProperty.builder()
                .fieldToMatch(header("user-agent"))
                .positionalConstraint("CONTAINS")
                .searchString(part)
                .textTransformations(transformation("LOWERCASE"))
                .build())
        .build();
  }

  /** A header that is not there has no size, and matches nothing. */
  private static StatementProperty userAgentMissing() {
    return StatementProperty.builder()
        .notStatement(
            NotStatementProperty.builder()
                .statement(
                    StatementProperty.builder()
                        .sizeConstraintStatement(
                            SizeConstraintStatementProperty.builder()
                                .fieldToMatch(header("user-agent"))
                                .comparisonOperator("GT")
                                .size(0)
                                .textTransformations(transformation("NONE"))
                                .build())
                        .build())
                .build())
        .build();
  }

  private static StatementProperty rate(Rate rate) {
    var built =
        RateBasedStatementProperty.builder()
            .aggregateKeyType("IP")
            .limit(rate.limit())
            .evaluationWindowSec(rate.windowSeconds());
    if (rate.pathStartsWith() != null) {
      built.scopeDownStatement(
          StatementProperty.builder()
              .byteMatchStatement(
                  ByteMatchStatementProperty.builder()
                      .fieldToMatch(FieldToMatchProperty.builder().uriPath(Map.of()).build())
                      .positionalConstraint("STARTS_WITH")
                      .searchString(rate.pathStartsWith())
                      .textTransformations(transformation("URL_DECODE"))
                      .build())
              .build());
    }
    return StatementProperty.builder().rateBasedStatement(built.build()).build();
  }

  private static StatementProperty managed(String group) {
    return StatementProperty.builder()
        .managedRuleGroupStatement(
            ManagedRuleGroupStatementProperty.builder().vendorName("AWS").name(group).build())
        .build();
  }

  private static RuleActionProperty action(Rule rule) {
    var built = RuleActionProperty.builder();
    return switch (rule.action()) {
      case ALLOW -> built.allow(AllowActionProperty.builder().build()).build();
      case COUNT -> built.count(CountActionProperty.builder().build()).build();
      case BLOCK -> built.block(BlockActionProperty.builder().build()).build();
      case null -> throw new IllegalStateException(rule.name() + " has no action");
    };
  }

  private static DefaultActionProperty defaultAction(Action action) {
    var built = DefaultActionProperty.builder();
    return action == Action.ALLOW
        ? built.allow(AllowActionProperty.builder().build()).build()
        : built.block(BlockActionProperty.builder().build()).build();
  }

  private static FieldToMatchProperty header(String name) {
    return FieldToMatchProperty.builder().singleHeader(Map.of("Name", name)).build();
  }

  private static List<TextTransformationProperty> transformation(String type) {
    return List.of(TextTransformationProperty.builder().priority(0).type(type).build());
  }

  private static VisibilityConfigProperty visibility(String metric) {
    return VisibilityConfigProperty.builder()
        .metricName(metric)
        .cloudWatchMetricsEnabled(true)
        .sampledRequestsEnabled(true)
        .build();
  }

  /** Of what was blocked or counted; what was allowed is in the access log. */
  private void log() {
    var group =
        LogGroup.Builder.create(this, "Log")
            .logGroupName(LOG_PREFIX + name)
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    CfnLoggingConfiguration.Builder.create(this, "Logging")
        .resourceArn(arn())
        .logDestinationConfigs(
            List.of(
                // Without the ":*" that the group's own ARN ends with.
                Stack.of(this)
                    .formatArn(
                        ArnComponents.builder()
                            .service("logs")
                            .resource("log-group")
                            .resourceName(group.getLogGroupName())
                            .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                            .build())))
        .redactedFields(
            SECRET_HEADERS.stream()
                .map(
                    header ->
                        CfnLoggingConfiguration.FieldToMatchProperty.builder()
                            .singleHeader(Map.of("Name", header))
                            .build())
                .toList())
        .loggingFilter(blockedAndCounted())
        .build();
  }

  /** In a fixed order, since it is a part of the template. */
  private static Map<String, Object> blockedAndCounted() {
    var keep = new LinkedHashMap<String, Object>();
    keep.put("Behavior", "KEEP");
    keep.put("Requirement", "MEETS_ANY");
    keep.put(
        "Conditions",
        Stream.of("BLOCK", "COUNT")
            .map(action -> Map.of("ActionCondition", Map.of("Action", action)))
            .toList());
    var filter = new LinkedHashMap<String, Object>();
    filter.put("DefaultBehavior", "DROP");
    filter.put("Filters", List.of(keep));
    return filter;
  }
}
