package dev.backline.infra.cdn;

import static java.util.Objects.requireNonNull;

import dev.backline.infra.edge.Distributions;
import dev.backline.infra.edge.Distributions.Selection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudfront.CacheCookieBehavior;
import software.amazon.awscdk.services.cloudfront.CacheHeaderBehavior;
import software.amazon.awscdk.services.cloudfront.CachePolicy;
import software.amazon.awscdk.services.cloudfront.CacheQueryStringBehavior;
import software.amazon.awscdk.services.cloudfront.HeadersFrameOption;
import software.amazon.awscdk.services.cloudfront.HeadersReferrerPolicy;
import software.amazon.awscdk.services.cloudfront.OriginRequestCookieBehavior;
import software.amazon.awscdk.services.cloudfront.OriginRequestHeaderBehavior;
import software.amazon.awscdk.services.cloudfront.OriginRequestPolicy;
import software.amazon.awscdk.services.cloudfront.OriginRequestQueryStringBehavior;
import software.amazon.awscdk.services.cloudfront.ResponseCustomHeader;
import software.amazon.awscdk.services.cloudfront.ResponseCustomHeadersBehavior;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersContentSecurityPolicy;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersContentTypeOptions;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersFrameOptions;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersPolicy;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersReferrerPolicy;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersStrictTransportSecurity;
import software.amazon.awscdk.services.cloudfront.ResponseSecurityHeadersBehavior;
import software.constructs.Construct;

/** The policies of distributions.json, each made once for all behaviors that name it. */
final class Policies extends Construct {

  private final String prefix;
  private final Map<String, CachePolicy> cache = new LinkedHashMap<>();
  private final Map<String, OriginRequestPolicy> originRequest = new LinkedHashMap<>();
  private final Map<String, ResponseHeadersPolicy> responseHeaders = new LinkedHashMap<>();

  /**
   * @param prefix before each name: policies are listed account by account
   */
  Policies(Construct scope, String id, String prefix, Distributions distributions) {
    this.prefix = prefix;
    super(scope, id);
    distributions
        .cachePolicies()
        .forEach((name, policy) -> cache.put(name, cachePolicy(name, policy)));
    distributions
        .originRequestPolicies()
        .forEach((name, policy) -> originRequest.put(name, originRequestPolicy(name, policy)));
    distributions
        .responseHeadersPolicies()
        .forEach((name, policy) -> responseHeaders.put(name, responseHeadersPolicy(name, policy)));
  }

  CachePolicy cache(String name) {
    return requireNonNull(cache.get(name));
  }

  OriginRequestPolicy originRequest(String name) {
    return requireNonNull(originRequest.get(name));
  }

  ResponseHeadersPolicy responseHeaders(String name) {
    return requireNonNull(responseHeaders.get(name));
  }

  private CachePolicy cachePolicy(String name, Distributions.CachePolicy policy) {
    return CachePolicy.Builder.create(this, "Cache-" + name)
        .cachePolicyName(prefix + name)
        .comment(policy.comment())
        .minTtl(Duration.seconds(policy.minTtl()))
        .defaultTtl(Duration.seconds(policy.defaultTtl()))
        .maxTtl(Duration.seconds(policy.maxTtl()))
        .headerBehavior(
            policy.headers().names().isEmpty()
                ? CacheHeaderBehavior.none()
                : CacheHeaderBehavior.allowList(names(policy.headers())))
        .queryStringBehavior(
            switch (policy.queryStrings().kind()) {
              case NONE -> CacheQueryStringBehavior.none();
              case ALL, ALL_AND -> CacheQueryStringBehavior.all();
              case THESE -> CacheQueryStringBehavior.allowList(names(policy.queryStrings()));
              case ALL_BUT -> CacheQueryStringBehavior.denyList(names(policy.queryStrings()));
            })
        .cookieBehavior(
            switch (policy.cookies().kind()) {
              case NONE -> CacheCookieBehavior.none();
              case ALL, ALL_AND -> CacheCookieBehavior.all();
              case THESE -> CacheCookieBehavior.allowList(names(policy.cookies()));
              case ALL_BUT -> CacheCookieBehavior.denyList(names(policy.cookies()));
            })
        .enableAcceptEncodingGzip(policy.acceptEncoding().contains("gzip"))
        .enableAcceptEncodingBrotli(policy.acceptEncoding().contains("br"))
        .build();
  }

  private OriginRequestPolicy originRequestPolicy(
      String name, Distributions.OriginRequestPolicy policy) {
    return OriginRequestPolicy.Builder.create(this, "OriginRequest-" + name)
        .originRequestPolicyName(prefix + name)
        .comment(policy.comment())
        .headerBehavior(
            switch (policy.headers().kind()) {
              case NONE -> OriginRequestHeaderBehavior.none();
              case ALL, ALL_AND -> OriginRequestHeaderBehavior.all(names(policy.headers()));
              case THESE -> OriginRequestHeaderBehavior.allowList(names(policy.headers()));
              case ALL_BUT -> OriginRequestHeaderBehavior.denyList(names(policy.headers()));
            })
        .queryStringBehavior(
            switch (policy.queryStrings().kind()) {
              case NONE -> OriginRequestQueryStringBehavior.none();
              case ALL, ALL_AND -> OriginRequestQueryStringBehavior.all();
              case THESE ->
                  OriginRequestQueryStringBehavior.allowList(names(policy.queryStrings()));
              case ALL_BUT ->
                  OriginRequestQueryStringBehavior.denyList(names(policy.queryStrings()));
            })
        .cookieBehavior(
            switch (policy.cookies().kind()) {
              case NONE -> OriginRequestCookieBehavior.none();
              case ALL, ALL_AND -> OriginRequestCookieBehavior.all();
              case THESE -> OriginRequestCookieBehavior.allowList(names(policy.cookies()));
              case ALL_BUT -> OriginRequestCookieBehavior.denyList(names(policy.cookies()));
            })
        .build();
  }

  private ResponseHeadersPolicy responseHeadersPolicy(
      String name, Distributions.ResponseHeadersPolicy policy) {
    var built =
        ResponseHeadersPolicy.Builder.create(this, "ResponseHeaders-" + name)
            .responseHeadersPolicyName(prefix + name)
            .comment(policy.comment())
            .securityHeadersBehavior(securityHeaders(policy))
            .removeHeaders(policy.remove());
    if (!policy.headers().isEmpty()) {
      built.customHeadersBehavior(
          ResponseCustomHeadersBehavior.builder()
              .customHeaders(
                  policy.headers().entrySet().stream()
                      .map(
                          header ->
                              ResponseCustomHeader.builder()
                                  .header(header.getKey())
                                  .value(header.getValue())
                                  .override(policy.overrides())
                                  .build())
                      .toList())
              .build());
    }
    return built.build();
  }

  private static ResponseSecurityHeadersBehavior securityHeaders(
      Distributions.ResponseHeadersPolicy policy) {
    boolean override = policy.overrides();
    var built = ResponseSecurityHeadersBehavior.builder();
    if (policy.contentSecurityPolicy() != null) {
      built.contentSecurityPolicy(
          ResponseHeadersContentSecurityPolicy.builder()
              .contentSecurityPolicy(policy.contentSecurityPolicy())
              .override(override)
              .build());
    }
    if (policy.contentTypeOptions() != null) {
      built.contentTypeOptions(
          ResponseHeadersContentTypeOptions.builder().override(override).build());
    }
    if (policy.frameOptions() != null) {
      built.frameOptions(
          ResponseHeadersFrameOptions.builder()
              .frameOption(HeadersFrameOption.valueOf(policy.frameOptions()))
              .override(override)
              .build());
    }
    if (policy.referrerPolicy() != null) {
      built.referrerPolicy(
          ResponseHeadersReferrerPolicy.builder()
              .referrerPolicy(
                  HeadersReferrerPolicy.valueOf(
                      policy.referrerPolicy().toUpperCase(Locale.ROOT).replace('-', '_')))
              .override(override)
              .build());
    }
    var transport = policy.strictTransportSecurity();
    if (transport != null) {
      built.strictTransportSecurity(
          ResponseHeadersStrictTransportSecurity.builder()
              .accessControlMaxAge(Duration.seconds(transport.maxAge()))
              .includeSubdomains(transport.includeSubdomains())
              .preload(transport.preload())
              .override(override)
              .build());
    }
    return built.build();
  }

  private static String[] names(Selection selection) {
    return selection.names().toArray(String[]::new);
  }
}
