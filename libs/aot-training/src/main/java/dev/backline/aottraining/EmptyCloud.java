package dev.backline.aottraining;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An AWS endpoint whose tables and queues are all there and empty. */
final class EmptyCloud implements AutoCloseable {

  /** As long as it takes to ask again and again without doing only that. */
  private static final long EMPTY_QUEUE_MILLIS = 1_000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EmptyCloud(HttpServer server) {
    this.server = server;
  }

  static EmptyCloud start() throws IOException {
    var cloud =
        new EmptyCloud(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    cloud.server.createContext("/", cloud::answer);
    cloud.server.setExecutor(cloud.threads);
    cloud.server.start();
    return cloud;
  }

  /** What lets the SDK find it. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL",
        endpoint(),
        "AWS_REGION",
        "us-east-1",
        "AWS_ACCESS_KEY_ID",
        "training",
        "AWS_SECRET_ACCESS_KEY",
        "training");
  }

  private String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      String action = target == null ? "" : target.substring(target.indexOf('.') + 1);
      byte[] body = answer(action).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
      exchange.sendResponseHeaders(
          body.length == 0 ? 400 : 200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty where the action is not known. */
  private String answer(String action) throws InterruptedException {
    return switch (action) {
      case "DescribeTable" -> "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}";
      case "GetItem", "UpdateItem", "PutItem" -> "{}";
      case "Query", "Scan" -> "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}";
      case "GetQueueUrl" -> "{\"QueueUrl\":\"%s/000000000000/queue\"}".formatted(endpoint());
      case "GetQueueAttributes" ->
          "{\"Attributes\":{\"QueueArn\":\"arn:aws:sqs:us-east-1:000000000000:queue\"}}";
      case "ReceiveMessage" -> {
        Thread.sleep(EMPTY_QUEUE_MILLIS);
        yield "{}";
      }
      default -> "";
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
