package dev.backline.localcloud;

import dev.backline.localcloud.sns.QueryRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** The one endpoint: tells DynamoDB, SQS, SNS and S3 requests apart as their SDKs write them. */
final class Front extends Handler.Abstract implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Front.class);

  /** An SQS batch is at most 1 MiB; a form of it is up to three times as long. */
  private static final int MAX_BODY = 4_194_304;

  private static final int MAX_CONNECTIONS = 2_000;
  private static final Duration LONGEST_POLL = Duration.ofSeconds(30);
  private static final Duration LONGEST_TRANSFER = Duration.ofMinutes(5);
  private static final Pattern CREDENTIAL_SCOPE =
      Pattern.compile("Credential=[^/]*/[^/]*/[^/]*/([a-z0-9-]+)/aws4_request");
  private static final Pattern ACTION = Pattern.compile("(^|&)Action=");
  private static final List<String> LOOPBACK_NAMES =
      List.of("127.0.0.1", "localhost", "host.docker.internal");
  private static final Set<String> PER_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "transfer-encoding",
          "upgrade");

  private static final String NOT_HERE =
      "Not a request to DynamoDB, SQS, SNS or S3. There are also /health, /traces, /.well-known/jwks.json";

  private final Server server;
  private final ServerConnector connector;
  private final HttpClient http;
  private final Set<String> hosts;
  private volatile @Nullable Services services;
  private volatile boolean ready;
  private final Outages outages = new Outages();

  private Front(
      Server server, ServerConnector connector, HttpClient http, List<String> otherHosts) {
    this.server = server;
    this.connector = connector;
    this.http = http;
    this.hosts = new HashSet<>(LOOPBACK_NAMES);
    this.hosts.addAll(otherHosts);
  }

  /**
   * @param otherHosts names in {@code Host} beside those of this machine
   */
  static Front start(InetAddress address, int port, List<String> otherHosts, HttpClient http) {
    var threads = new VirtualThreadPool();
    threads.setMaxConcurrentTasks(MAX_CONNECTIONS);
    var server = new Server(threads);
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    // A key of S3 may hold %25, %2F and empty segments.
    configuration.setUriCompliance(UriCompliance.LEGACY);
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setHost(address.getHostAddress());
    connector.setPort(port);
    connector.setIdleTimeout(Duration.ofMinutes(5).toMillis());
    server.addConnector(connector);
    var front = new Front(server, connector, http, otherHosts);
    server.setHandler(front);
    try {
      server.start();
    } catch (Exception e) {
      throw new StartupException(
          "The AWS endpoint cannot listen on %s:%d: %s"
              .formatted(address.getHostAddress(), port, e.getMessage()),
          e);
    }
    return front;
  }

  int port() {
    return connector.getLocalPort();
  }

  /** From now on requests are served; before, they are answered with 503. */
  void serve(Services started) {
    try {
      started.dynamoDb().setServer(server);
      started.dynamoDb().start();
    } catch (Exception e) {
      throw new StartupException("DynamoDB cannot start: " + e.getMessage(), e);
    }
    services = started;
  }

  /** From now on it calls itself healthy: its tables, queues and topics are there. */
  void ready() {
    ready = true;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    // A web page that a developer opens must not reach this through a name that resolves to
    // 127.0.0.1.
    if (!hosts.contains(Request.getServerName(request).toLowerCase(Locale.ROOT))) {
      write(response, callback, 403, "application/json", "{\"message\":\"Unknown host\"}");
      return true;
    }
    if (isFromAnotherSite(request)) {
      write(
          response,
          callback,
          403,
          "application/json",
          "{\"message\":\"Not for web pages of other sites\"}");
      return true;
    }
    var running = services;
    var path = Request.getPathInContext(request);
    if (path.equals("/health")) {
      var health = health(ready ? running : null);
      write(response, callback, health.isUp() ? 200 : 503, "application/json", health.json());
    } else if (running == null) {
      write(
          response,
          callback,
          503,
          "application/json",
          "{\"message\":\"The local cloud is starting\"}");
    } else {
      try {
        route(running, path, request, response, callback);
      } catch (BadRequestException e) {
        writeJson(response, callback, e.status, Map.of("message", String.valueOf(e.getMessage())));
      }
    }
    return true;
  }

  /** A form needs no permission to be sent here by any page that a developer opens. */
  private boolean isFromAnotherSite(Request request) {
    var origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null) {
      return "cross-site".equals(request.getHeaders().get("Sec-Fetch-Site"));
    }
    try {
      var host = URI.create(origin).getHost();
      return host == null || !hosts.contains(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** A 5xx would be retried. */
  private static final class BadRequestException extends Exception {
    private final int status;

    BadRequestException(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  private void route(
      Services running, String path, Request request, Response response, Callback callback)
      throws Exception {
    var target = request.getHeaders().get("X-Amz-Target");
    if (target != null && target.startsWith("DynamoDB")) {
      if (outages.isCut("dynamodb")) {
        hangUp(request, callback);
        return;
      }
      if (!running.dynamoDb().handle(request, response, callback)) {
        Response.writeError(request, response, callback, 404);
      }
    } else if (target != null && target.startsWith("AmazonSQS")) {
      forwardToSqs(running, request, body(request), response, callback);
    } else if (path.startsWith("/outages/")) {
      changeOutage(running, path.substring("/outages/".length()), request, response, callback);
    } else if (request.getMethod().equals("GET") && path.equals("/traces")) {
      writeJson(response, callback, 200, running.traces().list());
    } else if (request.getMethod().equals("GET") && path.startsWith("/traces/")) {
      var trace = running.traces().find(path.substring("/traces/".length()));
      if (trace.isPresent()) {
        writeJson(response, callback, 200, trace.get());
      } else {
        write(response, callback, 404, "application/json", "{\"message\":\"No such trace\"}");
      }
    } else if (request.getMethod().equals("GET") && path.equals("/.well-known/jwks.json")) {
      write(response, callback, 200, "application/jwk-set+json", running.publicKeys());
    } else if (target == null && isForS3(request, path)) {
      forwardToS3(running, request, response, callback);
    } else {
      routeQuery(running, request, response, callback);
    }
  }

  /**
   * The signature names the service. What is not signed is a path that is no form: a browser's, or
   * CloudFront's.
   */
  private static boolean isForS3(Request request, String path) {
    var service = signedService(request);
    if (service != null) {
      return service.equals("s3");
    }
    var type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    var query = request.getHttpURI().getQuery();
    return !path.equals("/")
        && (type == null || !type.startsWith("application/x-www-form-urlencoded"))
        && (query == null || !ACTION.matcher(query).find());
  }

  /** PUT begins an outage, DELETE ends it, also that of a server that was killed. */
  private void changeOutage(
      Services running, String part, Request request, Response response, Callback callback) {
    var known =
        switch (request.getMethod()) {
          case "PUT" -> outages.begin(part, running);
          case "DELETE" -> outages.end(part, running);
          default -> false;
        };
    if (known) {
      log.info("{} /outages/{}", request.getMethod(), part);
      write(response, callback, 204, new byte[0]);
    } else {
      write(
          response,
          callback,
          404,
          "application/json",
          "{\"message\":\"PUT or DELETE /outages/ dynamodb, sqs, sns, s3, redis or postgres\"}");
    }
  }

  /** As a server that has gone away. */
  private static void hangUp(Request request, Callback callback) {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    callback.failed(new IOException("outage"));
  }

  /** The AWS Query protocol: SNS, and SQS of older SDKs. The signature names the service. */
  private void routeQuery(Services running, Request request, Response response, Callback callback)
      throws IOException, InterruptedException, BadRequestException {
    var body = body(request);
    var query = request.getHttpURI().getQuery();
    var form =
        request.getMethod().equals("POST")
            ? new String(body, StandardCharsets.UTF_8)
            : query == null ? "" : query;
    QueryRequest parsed;
    try {
      parsed = QueryRequest.parse(form, request.getHeaders().get("X-Amzn-Trace-Id"));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, "Not a form");
    }
    if (parsed.action().isEmpty()) {
      throw new BadRequestException(404, NOT_HERE);
    }
    switch (service(request, parsed)) {
      case "sns" -> {
        if (outages.isCut("sns")) {
          hangUp(request, callback);
          return;
        }
        var reply = running.sns().handle(parsed);
        write(response, callback, reply.status(), "text/xml;charset=utf-8", reply.body());
      }
      case "sqs" -> forwardToSqs(running, request, body, response, callback);
      default -> throw new BadRequestException(404, NOT_HERE);
    }
  }

  private static @Nullable String signedService(Request request) {
    var authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (authorization == null) {
      return null;
    }
    var scope = CREDENTIAL_SCOPE.matcher(authorization);
    return scope.find() ? scope.group(1) : null;
  }

  private static String service(Request request, QueryRequest query) {
    var signed = signedService(request);
    if (signed != null) {
      return signed;
    }
    return query.parameters().getOrDefault("Version", "").equals("2012-11-05") ? "sqs" : "sns";
  }

  private void forwardToSqs(
      Services running, Request request, byte[] body, Response response, Callback callback)
      throws IOException, InterruptedException, BadRequestException {
    if (outages.isCut("sqs")) {
      hangUp(request, callback);
      return;
    }
    HttpRequest forwarded;
    try {
      forwarded = forwarded(running, request, body);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, "SQS cannot be asked that: " + e.getMessage());
    }
    var answer = http.send(forwarded, HttpResponse.BodyHandlers.ofByteArray());
    copyHeaders(answer, response);
    write(response, callback, answer.statusCode(), answer.body());
  }

  private static void copyHeaders(HttpResponse<?> answer, Response response) {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.startsWith(":") && !PER_CONNECTION.contains(name)) {
                response.getHeaders().put(name, values);
              }
            });
  }

  private static HttpRequest forwarded(Services running, Request request, byte[] body) {
    return withHeaders(
        request,
        HttpRequest.newBuilder(running.sqs().address().resolve(request.getHttpURI().getPathQuery()))
            .timeout(LONGEST_POLL)
            .method(request.getMethod(), HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** Bodies flow through: an object may be larger than the heap. */
  private void forwardToS3(Services running, Request request, Response response, Callback callback)
      throws IOException, InterruptedException, BadRequestException {
    if (outages.isCut("s3")) {
      hangUp(request, callback);
      return;
    }
    HttpRequest forwarded;
    try {
      forwarded =
          withHeaders(
              request,
              HttpRequest.newBuilder(running.s3().address(request.getHttpURI().getPathQuery()))
                  .timeout(LONGEST_TRANSFER)
                  .method(request.getMethod(), flowing(request)));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, "S3 cannot be asked that: " + e.getMessage());
    }
    var answer = http.send(forwarded, HttpResponse.BodyHandlers.ofInputStream());
    response.setStatus(answer.statusCode());
    copyHeaders(answer, response);
    answer
        .headers()
        .firstValueAsLong("content-length")
        .ifPresent(length -> response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length));
    try (var body = answer.body();
        var out = Content.Sink.asOutputStream(response)) {
      body.transferTo(out);
    }
    callback.succeeded();
  }

  private static HttpRequest.BodyPublisher flowing(Request request) {
    var length = request.getLength();
    if (length == 0) {
      return HttpRequest.BodyPublishers.noBody();
    }
    var body =
        HttpRequest.BodyPublishers.ofInputStream(() -> Content.Source.asInputStream(request));
    return length < 0 ? body : HttpRequest.BodyPublishers.fromPublisher(body, length);
  }

  private static HttpRequest withHeaders(Request request, HttpRequest.Builder forwarded) {
    for (var header : request.getHeaders()) {
      if (!PER_CONNECTION.contains(header.getLowerCaseName()) && header.getValue() != null) {
        forwarded.header(header.getName(), header.getValue());
      }
    }
    return forwarded.build();
  }

  private static byte[] body(Request request) throws IOException, BadRequestException {
    try (var in = Content.Source.asInputStream(request)) {
      var body = in.readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        // Reads on for a while, so that a client that is still sending gets to see the answer.
        in.readNBytes(MAX_BODY);
        throw new BadRequestException(413, "A request body of more than " + MAX_BODY + " bytes");
      }
      return body;
    }
  }

  private record Health(boolean isUp, String json) {}

  private Health health(@Nullable Services running) {
    var states = new LinkedHashMap<String, String>();
    for (var name : List.of("dynamodb", "sqs", "sns", "s3", "xray")) {
      states.put(name, running == null ? "STARTING" : outages.isCut(name) ? "DOWN" : "UP");
    }
    if (running != null) {
      putIfThere("redis", running.redis(), states);
      putIfThere("postgres", running.postgres(), states);
    }
    var status =
        states.containsValue("DOWN")
            ? "DOWN"
            : states.containsValue("STARTING") ? "STARTING" : "UP";
    return new Health(
        status.equals("UP"),
        JsonMapper.shared().writeValueAsString(Map.of("status", status, "services", states)));
  }

  private static void putIfThere(
      String name,
      dev.backline.localcloud.process.@Nullable Server server,
      Map<String, String> states) {
    if (server != null) {
      states.put(name, server.isAlive() ? "UP" : "DOWN");
    }
  }

  private static void writeJson(Response response, Callback callback, int status, Object value) {
    write(
        response,
        callback,
        status,
        "application/json",
        JsonMapper.shared().writeValueAsString(value));
  }

  private static void write(
      Response response, Callback callback, int status, String type, String body) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    write(response, callback, status, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Response response, Callback callback, int status, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
