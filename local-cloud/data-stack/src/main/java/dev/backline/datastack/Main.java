package dev.backline.datastack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Creates the stack once and ends: {@code java … dev.backline.datastack.Main template.json
 * [prefix]}.
 *
 * <p>Endpoint, region and credentials come from the standard AWS variables. With {@code
 * AWS_ENDPOINT_URL} it waits up to {@code DATA_STACK_WAIT_SECONDS} (60) for the endpoint to listen,
 * so that containers may start in any order.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    if (args.length < 1 || args.length > 2) {
      System.err.println("usage: dev.backline.datastack.Main <template.json> [name prefix]");
      System.exit(2);
    }
    try {
      var stack = DataStack.read(Path.of(args[0])).withPrefix(args.length == 2 ? args[1] : "");
      var endpoint = System.getenv("AWS_ENDPOINT_URL");
      awaitEndpoint(endpoint);
      try (var dynamoDb = DynamoDbClient.create();
          var sqs = SqsClient.create();
          var sns = SnsClient.create();
          // No emulator has a DNS name for each bucket.
          var s3 = S3Client.builder().forcePathStyle(endpoint != null).build()) {
        var created = stack.create(dynamoDb, sqs, sns);
        System.out.println("tables " + created.tables().values());
        System.out.println("queues " + created.queueUrls().values());
        System.out.println("topics " + created.topicArns().values());
        System.out.println("buckets " + stack.createBuckets(s3).values());
      }
    } catch (InvalidTemplateException | EndpointUnreachableException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void awaitEndpoint(@Nullable String endpoint) throws InterruptedException {
    if (endpoint == null) {
      return;
    }
    var uri = URI.create(endpoint);
    var port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    var patience =
        Duration.ofSeconds(
            Long.parseLong(System.getenv().getOrDefault("DATA_STACK_WAIT_SECONDS", "60")));
    var deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(uri.getHost(), port), 1_000);
        return;
      } catch (IOException e) {
        if (System.nanoTime() - deadline > 0) {
          throw new EndpointUnreachableException(
              "Nothing answers at AWS_ENDPOINT_URL="
                  + endpoint
                  + " after "
                  + patience.toSeconds()
                  + " s: "
                  + e);
        }
        Thread.sleep(250);
      }
    }
  }

  private static final class EndpointUnreachableException extends RuntimeException {
    EndpointUnreachableException(String message) {
      super(message);
    }
  }
}
