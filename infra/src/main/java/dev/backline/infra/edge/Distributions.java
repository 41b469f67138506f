package dev.backline.infra.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.backline.infra.InvalidConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code edge-lambdas/distributions.json} says: the one file that the desk's CloudFront and
 * the real one are made from. Its schema explains each field, and gives the defaults that are
 * filled in here. Maps keep the order of the file.
 */
@JsonIgnoreProperties("$schema")
public record Distributions(
    Map<String, FunctionSettings> functions,
    Map<String, CachePolicy> cachePolicies,
    Map<String, OriginRequestPolicy> originRequestPolicies,
    Map<String, ResponseHeadersPolicy> responseHeadersPolicies,
    Map<String, WebAcl> webAcls,
    Map<String, Distribution> distributions) {

  /** The file, from the directory of this module. */
  public static final Path FILE = Path.of("../edge-lambdas/distributions.json");

  private static final String SCHEMA = "distributions.schema.json";

  /** The schema says what must be there; a switch that is left out is off. */
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  public Distributions {
    functions = orEmpty(functions);
    originRequestPolicies = orEmpty(originRequestPolicies);
    responseHeadersPolicies = orEmpty(responseHeadersPolicies);
    webAcls = orEmpty(webAcls);
  }

  /**
   * Reads the file and checks it: against the schema beside it, then whether each name that it uses
   * is there and fits. (CloudFront's other rules are checked where the file is changed: by
   * local-edge, and by the build of edge-lambdas.)
   *
   * @throws InvalidConfigurationException with every problem, its place and its remedy
   */
  public static Distributions load(Path file) {
    String text = read(file);
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(read(file.resolveSibling(SCHEMA)), InputFormat.JSON);
    JsonNode document;
    try {
      document = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new InvalidConfigurationException(
          "%s is no JSON: %s".formatted(file, e.getOriginalMessage()));
    }
    var misshapen =
        schema.validate(document).stream()
            .map(error -> "%s: %s".formatted(file, error.toString()))
            .toList();
    if (!misshapen.isEmpty()) {
      throw new InvalidConfigurationException(misshapen);
    }
    var distributions = JSON.treeToValue(document, Distributions.class);
    var wrong = new References(file, distributions).problems();
    if (!wrong.isEmpty()) {
      throw new InvalidConfigurationException(wrong);
    }
    return distributions;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file.toAbsolutePath().normalize(), e);
    }
  }

  private static <T> Map<String, T> orEmpty(@Nullable Map<String, T> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** When a function runs. */
  public enum Event {
    @JsonProperty("viewer-request")
    VIEWER_REQUEST,
    @JsonProperty("origin-request")
    ORIGIN_REQUEST,
    @JsonProperty("origin-response")
    ORIGIN_RESPONSE,
    @JsonProperty("viewer-response")
    VIEWER_RESPONSE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A function's settings.
   *
   * @param memory MB
   * @param timeout seconds
   */
  public record FunctionSettings(
      @Nullable String comment,
      String runtime,
      @Nullable Integer memory,
      @Nullable Integer timeout) {

    /** A CloudFront Function; else Lambda@Edge. */
    public boolean isCloudFrontFunction() {
      return runtime.equals("cloudfront-js-2.0");
    }
  }

  /** Times are in seconds. */
  public record CachePolicy(
      @Nullable String comment,
      long minTtl,
      long defaultTtl,
      long maxTtl,
      Selection headers,
      Selection queryStrings,
      Selection cookies,
      List<String> acceptEncoding) {

    public CachePolicy {
      headers = Selection.orNone(headers);
      queryStrings = Selection.orNone(queryStrings);
      cookies = Selection.orNone(cookies);
      acceptEncoding = orEmpty(acceptEncoding);
    }
  }

  public record OriginRequestPolicy(
      @Nullable String comment, Selection headers, Selection queryStrings, Selection cookies) {

    public OriginRequestPolicy {
      headers = Selection.orNone(headers);
      queryStrings = Selection.orNone(queryStrings);
      cookies = Selection.orNone(cookies);
    }
  }

  /** Which headers, query strings or cookies are meant. */
  public record Selection(Kind kind, List<String> names) {

    public enum Kind {
      NONE,
      ALL,
      THESE,
      ALL_BUT,
      /** All of the viewer's, and these of CloudFront's. */
      ALL_AND
    }

    private static final Map<String, Kind> KINDS =
        Map.of(
            "none", Kind.NONE,
            "all", Kind.ALL,
            "except", Kind.ALL_BUT,
            "allExcept", Kind.ALL_BUT,
            "allAnd", Kind.ALL_AND);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Selection of(JsonNode node) {
      if (node.isArray()) {
        return new Selection(Kind.THESE, strings(node));
      }
      if (node.isString()) {
        return new Selection(Objects.requireNonNull(KINDS.get(node.asString())), List.of());
      }
      var only = node.properties().iterator().next();
      return new Selection(
          Objects.requireNonNull(KINDS.get(only.getKey())), strings(only.getValue()));
    }

    private static List<String> strings(JsonNode array) {
      return array.valueStream().map(JsonNode::asString).toList();
    }

    private static Selection orNone(@Nullable Selection selection) {
      return selection == null ? new Selection(Kind.NONE, List.of()) : selection;
    }
  }

  public record ResponseHeadersPolicy(
      @Nullable String comment,
      @Nullable Boolean override,
      @Nullable String contentSecurityPolicy,
      @Nullable Boolean contentTypeOptions,
      @Nullable String frameOptions,
      @Nullable String referrerPolicy,
      @Nullable StrictTransportSecurity strictTransportSecurity,
      Map<String, String> headers,
      List<String> remove) {

    public ResponseHeadersPolicy {
      headers = orEmpty(headers);
      remove = orEmpty(remove);
    }

    /** Whether these replace a header of the same name that the origin sent. */
    public boolean overrides() {
      return override == null || override;
    }
  }

  /**
   * How long browsers come by HTTPS only.
   *
   * @param maxAge seconds
   */
  public record StrictTransportSecurity(long maxAge, boolean includeSubdomains, boolean preload) {}

  public record WebAcl(@Nullable String comment, Action defaultAction, List<Rule> rules) {}

  /** One of addresses, userAgentContains, userAgentMissing, rate, managed is there. */
  public record Rule(
      String name,
      @Nullable String comment,
      @Nullable Action action,
      List<String> addresses,
      List<String> userAgentContains,
      boolean userAgentMissing,
      @Nullable Rate rate,
      @Nullable String managed) {

    public Rule {
      addresses = orEmpty(addresses);
      userAgentContains = orEmpty(userAgentContains);
    }
  }

  /** What the firewall does with a request that a rule matches. */
  public enum Action {
    @JsonProperty("allow")
    ALLOW,
    @JsonProperty("block")
    BLOCK,
    @JsonProperty("count")
    COUNT
  }

  /**
   * How often one address may ask.
   *
   * @param limit requests of one address within the window
   * @param window seconds
   */
  public record Rate(long limit, @Nullable Integer window, @Nullable String pathStartsWith) {

    public int windowSeconds() {
      return window == null ? 300 : window;
    }
  }

  public record Distribution(
      @Nullable String comment,
      Map<String, Origin> origins,
      @Nullable String webAcl,
      @Nullable String defaultRootObject,
      List<CustomErrorResponse> customErrorResponses,
      List<Behavior> behaviors,
      Behavior defaultBehavior) {

    public Distribution {
      origins = orEmpty(origins);
      customErrorResponses = orEmpty(customErrorResponses);
      behaviors = orEmpty(behaviors);
    }
  }

  /** Times are in seconds. */
  public record Origin(
      @Nullable String comment,
      Type type,
      @Nullable String path,
      @Nullable Integer connectionAttempts,
      @Nullable Integer connectionTimeout,
      @Nullable Integer responseTimeout,
      @Nullable Integer keepAliveTimeout,
      Map<String, String> headers) {

    public Origin {
      headers = orEmpty(headers);
    }

    public enum Type {
      /** A service behind the load balancer. */
      @JsonProperty("http")
      HTTP,
      /** A bucket. */
      @JsonProperty("s3")
      S3
    }
  }

  /**
   * What viewers get instead of an origin's error.
   *
   * @param minTtl seconds
   */
  public record CustomErrorResponse(
      @Nullable String comment,
      int status,
      @Nullable Integer responseStatus,
      @Nullable String responsePage,
      @Nullable Integer minTtl) {}

  /**
   * What happens with the requests to some paths.
   *
   * @param path empty for the default behavior
   */
  public record Behavior(
      String path,
      @Nullable String comment,
      String origin,
      List<String> allowedMethods,
      @Nullable Boolean compress,
      String cachePolicy,
      @Nullable String originRequestPolicy,
      @Nullable String responseHeadersPolicy,
      Map<Event, String> functions) {

    public Behavior {
      path = path == null ? "" : path;
      allowedMethods = orEmpty(allowedMethods);
      functions =
          functions == null
              ? Map.of()
              : Collections.unmodifiableMap(new LinkedHashMap<>(functions));
    }

    public boolean compresses() {
      return compress == null || compress;
    }
  }
}
