package dev.backline.dynamodbretry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jayway.jsonpath.JsonPath;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A server that speaks enough of DynamoDB to do what an emulator never does: throttle, and leave
 * things unprocessed. It holds one table with the key {@code id}, and refuses what DynamoDB
 * refuses.
 */
final class FakeDynamoDb implements AutoCloseable {

  record Answer(int status, String body) {}

  record Call(String operation, String body) {}

  private final HttpServer server;
  private final Deque<Answer> script = new ArrayDeque<>();
  private final Deque<Integer> capacities = new ArrayDeque<>();
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Object> items = new LinkedHashMap<>();

  FakeDynamoDb() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  DynamoDbClient client(ClientOverrideConfiguration configuration) {
    return DynamoDbClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
        .region(Region.AP_NORTHEAST_2)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(configuration)
        .build();
  }

  /** The next calls are answered like this, whatever they ask. */
  synchronized FakeDynamoDb thenAnswer(int times, Answer answer) {
    for (int i = 0; i < times; i++) {
      script.add(answer);
    }
    return this;
  }

  /** The next batches process only so many items each. */
  synchronized FakeDynamoDb thenProcessOnly(int... counts) {
    for (int count : counts) {
      capacities.add(count);
    }
    return this;
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  synchronized Map<String, Object> items() {
    return Map.copyOf(items);
  }

  static Answer error(String type) {
    return new Answer(
        400,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
            + type
            + "\",\"message\":\""
            + type
            + "\"}");
  }

  static Answer throttle() {
    return error("ProvisionedThroughputExceededException");
  }

  static Answer serverError() {
    return new Answer(500, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\"}");
  }

  static Answer cancelled(String... codes) {
    StringBuilder reasons = new StringBuilder();
    for (String code : codes) {
      reasons
          .append(reasons.isEmpty() ? "" : ",")
          .append("{\"Code\":\"")
          .append(code)
          .append("\"}");
    }
    return new Answer(
        400,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\",\"Message\":\"cancelled\","
            + "\"CancellationReasons\":["
            + reasons
            + "]}");
  }

  private void handle(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String operation = target.substring(target.indexOf('.') + 1);
    Answer answer = answer(operation, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private synchronized Answer answer(String operation, String body) {
    calls.add(new Call(operation, body));
    Answer scripted = script.poll();
    if (scripted != null) {
      return scripted;
    }
    return switch (operation) {
      case "BatchWriteItem" -> writeBatch(body);
      case "BatchGetItem" -> readBatch(body);
      default -> new Answer(200, "{}");
    };
  }

  private Answer writeBatch(String body) {
    List<Map<String, Object>> writes = JsonPath.read(body, "$.RequestItems.things");
    List<String> ids = JsonPath.read(body, "$.RequestItems.things[*].PutRequest.Item.id.S");
    if (writes.size() > 25 || ids.stream().distinct().count() < ids.size()) {
      return error("ValidationException");
    }
    int capacity = capacity(writes.size());
    for (int i = 0; i < capacity; i++) {
      items.put(ids.get(i), JsonPath.read(writes.get(i), "$.PutRequest.Item"));
    }
    return new Answer(
        200, json(Map.of("UnprocessedItems", left(writes.subList(capacity, writes.size())))));
  }

  private Answer readBatch(String body) {
    List<Map<String, Object>> keys = JsonPath.read(body, "$.RequestItems.things.Keys");
    List<String> ids = JsonPath.read(body, "$.RequestItems.things.Keys[*].id.S");
    if (keys.size() > 100 || ids.stream().distinct().count() < ids.size()) {
      return error("ValidationException");
    }
    int capacity = capacity(keys.size());
    List<Object> found =
        new ArrayList<>(
            ids.subList(0, capacity).stream().filter(items::containsKey).map(items::get).toList());
    Collections.reverse(found);
    List<Map<String, Object>> unread = keys.subList(capacity, keys.size());
    return new Answer(
        200,
        json(
            Map.of(
                "Responses",
                Map.of("things", found),
                "UnprocessedKeys",
                unread.isEmpty() ? Map.of() : Map.of("things", Map.of("Keys", unread)))));
  }

  private int capacity(int wanted) {
    Integer capacity = capacities.poll();
    return capacity == null ? wanted : Math.min(capacity, wanted);
  }

  private static Map<String, Object> left(List<?> entries) {
    return entries.isEmpty() ? Map.of() : Map.of("things", entries);
  }

  private static String json(Object value) {
    return JsonPath.parse(value).jsonString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
