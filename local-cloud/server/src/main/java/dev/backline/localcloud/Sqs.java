package dev.backline.localcloud;

import dev.backline.localcloud.sns.Delivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.NodeAddress;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.List$;
import scala.util.Left;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * ElasticMQ on a port of its own; the front hands requests on to it, and its queue URLs name the
 * front. With a data directory it keeps queues and messages in an H2 file.
 */
final class Sqs implements AutoCloseable, Delivery.Queues {

  private static final Logger log = LoggerFactory.getLogger(Sqs.class);
  private static final int STOP_SECONDS = 3;

  private final ActorSystem actors;
  private final URI address;
  private final String queueUrlPrefix;
  private final HttpClient http;

  private Sqs(ActorSystem actors, URI address, String queueUrlPrefix, HttpClient http) {
    this.actors = actors;
    this.address = address;
    this.queueUrlPrefix = queueUrlPrefix;
    this.http = http;
  }

  /**
   * @param host of the front, in the URLs of queues
   */
  static Sqs start(String host, int cloudPort, HttpClient http, @Nullable Path data) {
    var actors = ActorSystem.create("elasticmq");
    var store = data == null ? null : store(actors, data);
    Option<ActorRef> listener = Option.apply(store);
    var manager =
        actors.actorOf(
            Props.create(
                QueueManagerActor.class, new NowProvider(), StrictSQSLimits$.MODULE$, listener));
    if (store != null && data != null) {
      restore(store, manager, data);
    }
    var builder =
        SQSRestServerBuilder.withActorSystem(actors)
            .withQueueManagerActor(manager)
            .withInterface("127.0.0.1")
            .withPort(0)
            .withServerAddress(new NodeAddress("http", host, cloudPort, ""))
            .withAWSRegion(LocalCloud.REGION)
            .withAWSAccountId(LocalCloud.ACCOUNT);
    var server = (store == null ? builder : builder.withQueueEventListener(store)).start();
    var port = server.waitUntilStarted().localAddress().getPort();
    return new Sqs(
        actors,
        URI.create("http://127.0.0.1:" + port + "/"),
        "http://" + host + ":" + cloudPort + "/" + LocalCloud.ACCOUNT + "/",
        http);
  }

  private static ActorRef store(ActorSystem actors, Path data) {
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new StartupException("SQS cannot use " + data + ": " + e.getMessage(), e);
    }
    // Written at once: a killed cloud keeps what it has acknowledged.
    var url = "jdbc:h2:file:" + data.resolve("queues") + ";WRITE_DELAY=0";
    try (var probe = DriverManager.getConnection(url)) {
      probe.isValid(1);
    } catch (SQLException e) {
      throw damaged(data, e);
    }
    var configuration = new SqlQueuePersistenceConfig(true, "org.h2.Driver", url, "", "", false);
    return actors.actorOf(
        Props.create(SqlQueuePersistenceActor.class, configuration, List$.MODULE$.empty()));
  }

  private static void restore(ActorRef store, ActorRef manager, Path data) {
    try {
      var result =
          Patterns.ask(store, new QueueEvent.Restore(manager), Duration.ofSeconds(30))
              .toCompletableFuture()
              .get();
      if (result instanceof Left<?, ?> errors) {
        throw new StartupException("SQS cannot restore its queues from " + data + ": " + errors);
      }
    } catch (ExecutionException e) {
      throw damaged(data, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw damaged(data, e);
    }
  }

  private static StartupException damaged(Path data, Exception e) {
    return new StartupException(
        "SQS cannot read its data in "
            + data
            + ": "
            + e.getMessage()
            + "\n  Move it away or start without DATA.",
        e);
  }

  URI address() {
    return address;
  }

  @Override
  public void send(Delivery delivery) {
    try {
      var request =
          HttpRequest.newBuilder(address)
              .timeout(Duration.ofSeconds(10))
              .header("X-Amz-Target", "AmazonSQS.SendMessage")
              .header("Content-Type", "application/x-amz-json-1.0")
              .POST(HttpRequest.BodyPublishers.ofString(sendMessage(delivery).toString()))
              .build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new Delivery.UndeliverableException(delivery.queue() + ": " + response.body());
      }
    } catch (IOException e) {
      throw new Delivery.UndeliverableException(delivery.queue() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Delivery.UndeliverableException(delivery.queue() + ": interrupted", e);
    }
  }

  private ObjectNode sendMessage(Delivery delivery) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("QueueUrl", queueUrlPrefix + delivery.queue()).put("MessageBody", delivery.body());
    if (!delivery.attributes().isEmpty()) {
      var attributes = json.putObject("MessageAttributes");
      delivery
          .attributes()
          .forEach(
              (name, attribute) ->
                  attributes
                      .putObject(name)
                      .put("DataType", attribute.dataType())
                      .put(
                          attribute.isBinary() ? "BinaryValue" : "StringValue", attribute.value()));
    }
    if (delivery.traceHeader() != null) {
      json.putObject("MessageSystemAttributes")
          .putObject("AWSTraceHeader")
          .put("DataType", "String")
          .put("StringValue", delivery.traceHeader());
    }
    if (delivery.groupId() != null) {
      json.put("MessageGroupId", delivery.groupId());
    }
    if (delivery.deduplicationId() != null) {
      json.put("MessageDeduplicationId", delivery.deduplicationId());
    }
    return json;
  }

  /** Not ElasticMQ's own stop: that waits for every long poll to end. */
  @Override
  public void close() {
    actors.terminate();
    try {
      actors.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("SQS did not stop within {} s", STOP_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
