package dev.backline.drill;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Short links are followed; each redirect that was answered is a click that must get to the queue.
 */
final class RedirectorTraffic implements Traffic {

  private static final int LINKS = 300;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String url;
  private final List<String> codes = new ArrayList<>();
  private final Counts sent = new Counts();
  private final Counts answered = new Counts();
  private final Counts clicks = new Counts();
  private final Counts batches = new Counts();
  private final QueueReader reader;

  RedirectorTraffic(Cloud cloud, String url) {
    this.url = url;
    String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    for (int i = 0; i < LINKS; i++) {
      codes.add("drill-%s-%d".formatted(run, i));
    }
    String now = Instant.now().toString();
    for (String code : codes) {
      cloud
          .dynamoDb()
          .putItem(
              put ->
                  put.tableName("links")
                      .item(
                          Map.of(
                              "code", AttributeValue.fromS(code),
                              "targetUrl", AttributeValue.fromS(target(code)),
                              "owner", AttributeValue.fromS("drill"),
                              "createdAt", AttributeValue.fromS(now),
                              "updatedAt", AttributeValue.fromS(now),
                              "version", AttributeValue.fromN("1"))));
    }
    this.reader = new QueueReader(cloud.sqs(), "clicks", this::count);
  }

  private static String target(String code) {
    return "https://example.com/" + code;
  }

  @Override
  public void send(Client client) throws InterruptedException {
    String code = codes.get(ThreadLocalRandom.current().nextInt(codes.size()));
    sent.add(code);
    var answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url + "/" + code)),
            response ->
                response.statusCode() == 302
                    && response
                        .headers()
                        .firstValue("Location")
                        .filter(target(code)::equals)
                        .isPresent());
    if (answer.isPresent()) {
      answered.add(code);
    }
  }

  /** The same batch a second time would be counted once by event-worker. */
  private void count(String body) {
    JsonNode message = JSON.readTree(body);
    String batch = message.path("batch").asString();
    batches.add(batch);
    if (batches.of(batch) == 1) {
      message.path("clicks").forEach(click -> clicks.add(click.path("code").asString()));
    }
  }

  @Override
  public boolean hasArrived() {
    return answered.beyond(clicks) == 0;
  }

  /** A redirector sends what it has gathered within a fraction of a second. */
  @Override
  public Duration patience() {
    return Duration.ofSeconds(10);
  }

  /**
   * A request that failed for the client may have been a click all the same: so too many are those
   * beyond the sent ones.
   */
  @Override
  public List<Tally> tallies() {
    return List.of(
        // They wait in memory for up to 200 ms.
        Tally.exact(
                "clicks",
                answered.sum(),
                clicks.sum(),
                clicks.beyond(sent),
                answered.beyond(clicks))
            .mayBeLostIn(Mode.KILL));
  }

  @Override
  public void close() {
    reader.close();
  }
}
