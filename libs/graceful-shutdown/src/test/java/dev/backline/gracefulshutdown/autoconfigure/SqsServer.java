package dev.backline.gracefulshutdown.autoconfigure;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A real SQS server in this process, seen through a client that no drain touches. */
final class SqsServer implements AutoCloseable {

  /** Longer than a test: what is received again within it was given back. */
  private static final String VISIBILITY_TIMEOUT = "300";

  private final SQSRestServer server;
  private final String endpoint;
  private final SqsClient client;

  private SqsServer() {
    server =
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withDynamicPort()
            .withAWSRegion("ap-northeast-2")
            .withAWSAccountId("000000000000")
            .start();
    endpoint = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    client =
        SqsClient.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.AP_NORTHEAST_2)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build();
  }

  static SqsServer start() {
    return new SqsServer();
  }

  String endpoint() {
    return endpoint;
  }

  /** Empty, of a name of its own. */
  Queue newQueue() {
    return create("q-" + UUID.randomUUID(), new HashMap<>());
  }

  Queue newFifoQueue() {
    return create(
        "q-" + UUID.randomUUID() + ".fifo",
        new HashMap<>(Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
  }

  private Queue create(String name, Map<QueueAttributeName, String> attributes) {
    attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, VISIBILITY_TIMEOUT);
    return new Queue(
        name,
        client.createQueue(create -> create.queueName(name).attributes(attributes)).queueUrl());
  }

  @Override
  public void close() {
    client.close();
    server.stopAndWait();
  }

  final class Queue {

    private final String name;
    private final String url;

    private Queue(String name, String url) {
      this.name = name;
      this.url = url;
    }

    String name() {
      return name;
    }

    void send(String... bodies) {
      for (String body : bodies) {
        client.sendMessage(send -> send.queueUrl(url).messageBody(body));
      }
    }

    void sendToGroup(String group, String... bodies) {
      for (String body : bodies) {
        client.sendMessage(
            send ->
                send.queueUrl(url)
                    .messageBody(body)
                    .messageGroupId(group)
                    .messageDeduplicationId(body));
      }
    }

    /** Visible and invisible ones, as {@code 1/0}. */
    String left() {
      var attributes =
          client
              .getQueueAttributes(
                  get ->
                      get.queueUrl(url)
                          .attributeNames(
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
              .attributes();
      return attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
          + "/"
          + attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    /** What another consumer gets now, without waiting. */
    List<String> receiveNow(int calls) {
      return IntStream.range(0, calls)
          .mapToObj(
              call ->
                  client
                      .receiveMessage(
                          receive ->
                              receive.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(0))
                      .messages())
          .flatMap(List::stream)
          .map(Message::body)
          .toList();
    }
  }
}
