package dev.backline.redirector;

import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.OutageProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole application on a free port, behind proxies that can be cut. */
final class RunningRedirector implements AutoCloseable {

  static final String PHONE =
      "Mozilla/5.0 (Linux; Android 15; SM-S928N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0"
          + " Mobile Safari/537.36";

  final OutageProxy redis;
  final OutageProxy dynamoDb;
  final OutageProxy sqs;
  final ConfigurableApplicationContext context;
  private final Cloud cloud;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final Map<String, List<JsonNode>> clicks = new ConcurrentHashMap<>();
  private final Set<String> batches = ConcurrentHashMap.newKeySet();

  /** Those that have arrived, each once. */
  final List<Message> messages = new CopyOnWriteArrayList<>();

  RunningRedirector(Cloud cloud, String... overrides) {
    this.cloud = cloud;
    redis = OutageProxy.to(cloud.redisUri());
    dynamoDb = OutageProxy.to(cloud.endpoint());
    sqs = OutageProxy.to(cloud.endpoint());
    Map<String, String> properties = new HashMap<>(cloud.springProperties());
    properties.put("server.port", "0");
    properties.put("management.server.port", "0");
    properties.put("spring.data.redis.host", "127.0.0.1");
    properties.put("spring.data.redis.port", String.valueOf(redis.port()));
    properties.put(
        "spring.cloud.aws.dynamodb.endpoint", dynamoDb.instead(cloud.endpoint()).toString());
    properties.put("spring.cloud.aws.sqs.endpoint", sqs.instead(cloud.endpoint()).toString());
    // Patience for a busy machine; the tests' questions are about order, not about time.
    properties.put("backline.redirector.cache.store-timeout", "5s");
    properties.put("backline.redirector.clicks.send-timeout", "10s");
    properties.put("backline.redirector.cache.fresh", "1s");
    properties.put("backline.tracing.sampling-rate", "1");
    for (String override : overrides) {
      int equals = override.indexOf('=');
      properties.put(override.substring(0, equals), override.substring(equals + 1));
    }
    List<String> arguments = new ArrayList<>();
    properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    context = SpringApplication.run(RedirectorApplication.class, arguments.toArray(String[]::new));
    port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  int port() {
    return port;
  }

  void put(String code, String targetUrl) {
    put(Map.of("code", AttributeValue.fromS(code), "targetUrl", AttributeValue.fromS(targetUrl)));
  }

  void put(Map<String, AttributeValue> item) {
    cloud.dynamoDb().putItem(r -> r.tableName(cloud.table("links")).item(item));
  }

  /** What be-api does after each write. */
  void tellChanged(String code) {
    context.getBean(StringRedisTemplate.class).convertAndSend("backline:links:changed", code);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("User-Agent", PHONE);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  String locationOf(String path) throws IOException, InterruptedException {
    return get(path).headers().firstValue("Location").orElse("none");
  }

  double metric(String name, String... tags) {
    return context
        .getBean(io.micrometer.core.instrument.MeterRegistry.class)
        .get(name)
        .tags(tags)
        .counter()
        .count();
  }

  /** All clicks on this code that have arrived in the queue so far. */
  List<JsonNode> clicksOf(String code) {
    receive();
    return clicks.getOrDefault(code, List.of());
  }

  private void receive() {
    String url = cloud.queueUrl("clicks");
    while (true) {
      List<Message> received =
          cloud
              .sqs()
              .receiveMessage(
                  r ->
                      r.queueUrl(url)
                          .maxNumberOfMessages(10)
                          .waitTimeSeconds(0)
                          .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
              .messages();
      if (received.isEmpty()) {
        return;
      }
      for (Message message : received) {
        take(message);
        cloud.sqs().deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
    }
  }

  /** As the worker does: a batch that was sent again, since its answer came late, counts once. */
  private void take(Message message) {
    JsonNode batch = JsonMapper.shared().readTree(message.body());
    if (!batches.add(batch.get("batch").stringValue())) {
      return;
    }
    messages.add(message);
    batch
        .get("clicks")
        .forEach(
            click ->
                clicks
                    .computeIfAbsent(
                        click.get("code").stringValue(), _ -> new CopyOnWriteArrayList<>())
                    .add(click));
  }

  @Override
  public void close() {
    context.close();
    redis.close();
    dynamoDb.close();
    sqs.close();
  }
}
