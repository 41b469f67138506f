package dev.backline.eventworker;

import static dev.backline.eventworker.TestCloud.attribute;
import static dev.backline.eventworker.TestCloud.number;
import static dev.backline.eventworker.TestCloud.text;
import static dev.backline.eventworker.campaign.CampaignEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.eventworker.clicks.ChunkRaces;
import dev.backline.eventworker.clicks.Clicks;
import dev.backline.eventworker.clicks.LinkStats;
import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.Differs;
import dev.backline.localcloud.junit.LocalCloud;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@LocalCloud
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "backline.worker.inbox.poll-timeout=1s")
class WorkerTest {

  private static final String TRACE = "1-5759e988-bd862e3fe1be46a994272793";

  private final LinkStats stats;
  private final MeterRegistry meters;
  private final int port;
  private TestCloud cloud;

  WorkerTest(
      @Autowired LinkStats stats, @Autowired MeterRegistry meters, @LocalServerPort int port) {
    this.stats = stats;
    this.meters = meters;
    this.port = port;
  }

  @BeforeEach
  void connect(Cloud cloud) {
    this.cloud = new TestCloud(cloud);
  }

  @Test
  void clicksBecomeStatistics() {
    Instant at = Clicks.now();
    String hour = at.toString().substring(0, 13);
    cloud.send(
        "clicks",
        Clicks.batch()
            .click(at, "a-link", "KR", "mobile", null, "person")
            .click(at, "a-link", "US", "desktop", "example.com", "person")
            .click(at, "a-link", null, "other", null, "bot")
            .click(at, "no-such-link", null, "other", null, "preview")
            .body());

    await().until(() -> !cloud.stats("no-such-link", hour).isEmpty());
    Map<String, ?> item = cloud.stats("a-link", hour);
    assertThat(item)
        .containsOnlyKeys(
            "code",
            "bucket",
            "person",
            "bot",
            "country.KR",
            "country.US",
            "device.mobile",
            "device.desktop");
    assertThat(number(cloud.stats("a-link", hour), "person")).isEqualTo(2);
    assertThat(number(cloud.stats("a-link", hour + "#referrer#direct"), "person")).isOne();
    assertThat(number(cloud.stats("a-link", hour + "#referrer#example.com"), "person")).isOne();
  }

  @Test
  void aBatchThatIsDeliveredAgainAndAgainCountsOnce() {
    Clicks clicks = Clicks.batch();
    for (int i = 0; i < 120; i++) {
      clicks.persons(1, Clicks.now(), "again-" + i);
    }
    for (int i = 0; i < 5; i++) {
      cloud.send("clicks", clicks.body());
    }

    await().atMost(TestCloud.PATIENCE).until(() -> cloud.persons("again-") == 120);
    cloud.awaitEmpty("clicks");
    assertThat(cloud.persons("again-")).isEqualTo(120);
    assertThat(meters.counter("clicks.chunks.duplicate").count()).isPositive();
  }

  @Test
  void ofWritersOfTheSameChunkOneWins() throws Exception {
    assertThat(ChunkRaces.race(stats, 8))
        .containsOnlyOnce(LinkStats.Outcome.ADDED)
        .containsOnly(LinkStats.Outcome.ADDED, LinkStats.Outcome.DUPLICATE);
    assertThat(cloud.persons("raced")).isEqualTo(150);
  }

  @Test
  void otherClicksUnderACountedBatchIdAreToldRatherThanLost() {
    UUID id = UUID.randomUUID();
    cloud.send("clicks", Clicks.batch(id).persons(1, Clicks.now(), "first").body());
    await().until(() -> cloud.persons("first") == 1);
    cloud.send("clicks", Clicks.batch(id).persons(2, Clicks.now(), "second").body());

    assertThat(reasonOfNext("clicks")).isEqualTo("batch-reused");
    assertThat(cloud.persons("second")).isZero();
  }

  @Test
  @Differs(on = "floci", how = "adds to a text as if it were zero, so it refuses nothing")
  void whatDynamoDbRefusesIsPutAsideRatherThanTriedForEver() {
    Instant at = Clicks.now();
    cloud
        .cloud()
        .dynamoDb()
        .putItem(
            put ->
                put.tableName(cloud.cloud().table("link-stats"))
                    .item(
                        Map.of(
                            "code", AttributeValue.fromS("spoilt"),
                            "bucket", AttributeValue.fromS(at.toString().substring(0, 13)),
                            "person", AttributeValue.fromS("many"))));
    cloud.send("clicks", Clicks.batch().persons(1, at, "spoilt").body());

    assertThat(reasonOfNext("clicks")).isEqualTo("refused");
  }

  @Test
  void poisonGoesToTheDeadLetterQueueWithItsReasonBodyAndTrace() {
    cloud
        .cloud()
        .sqs()
        .sendMessage(
            send ->
                send.queueUrl(cloud.cloud().queueUrl("clicks"))
                    .messageBody("not ours 한글")
                    .messageAttributes(
                        Map.of(
                            // The framework's own converter looks for such a class.
                            "odd",
                            MessageAttributeValue.builder()
                                .dataType("Number.no.such.Type")
                                .stringValue("1")
                                .build(),
                            "JavaType",
                            MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("no.such.Type")
                                .build()))
                    .messageSystemAttributes(trace()));

    Message dead = cloud.take("clicks-dlq", 1).getFirst();
    assertThat(dead.body()).isEqualTo("not ours 한글");
    assertThat(attribute(dead, "reason")).isEqualTo("not-json");
    assertThat(attribute(dead, "detail")).contains("line 1").doesNotContain("ours");
    assertThat(dead.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER)).contains(TRACE);
    cloud.awaitEmpty("clicks");
  }

  @Test
  void everyKindOfPoisonHasItsReasonAndHoldsUpNothing() {
    Instant now = Clicks.now();
    Map<String, String> poison =
        Map.of(
            "{\"Type\":\"Notification\",\"Message\":\"{}\"}",
            "unknown-type",
            "{\"type\":\"clicks.v0\",\"batch\":\"1\"}",
            "unsupported-version",
            "{\"type\":\"clicks.v1\"}",
            "missing-field",
            Clicks.batch().click(now, "a/b", "KR", "mobile", null, "person").body(),
            "invalid-field",
            Clicks.batch().persons(201, now, "many").body(),
            "too-large",
            Clicks.batch().persons(1, now.minus(Duration.ofDays(21)), "old").body(),
            "out-of-time",
            Clicks.batch().persons(1, now.plusSeconds(3_600), "future").body(),
            "out-of-time");
    poison.keySet().forEach(body -> cloud.send("clicks", body));
    cloud.send("clicks", Clicks.batch().persons(3, now, "good").body());

    for (Message dead : cloud.take("clicks-dlq", poison.size())) {
      assertThat(attribute(dead, "reason")).isEqualTo(poison.get(dead.body()));
      assertThat(attribute(dead, "detail")).hasSizeBetween(1, 256);
    }
    await().until(() -> cloud.persons("good") == 3);
  }

  @Test
  void messagesThatAreBroughtBackCountOnce() {
    Clicks clicks = Clicks.batch().persons(7, Clicks.now(), "back");
    for (int i = 0; i < 3; i++) {
      cloud.send("clicks-dlq", clicks.body());
    }
    String source = arn("clicks-dlq");
    String destination = arn("clicks");
    cloud
        .cloud()
        .sqs()
        .startMessageMoveTask(start -> start.sourceArn(source).destinationArn(destination));

    await().atMost(TestCloud.PATIENCE).until(() -> cloud.persons("back") > 0);
    cloud.awaitEmpty("clicks-dlq");
    cloud.awaitEmpty("clicks");
    assertThat(cloud.persons("back")).isEqualTo(7);
  }

  @Test
  void anOldOrEqualEventNeverOverwritesANewOne() {
    cloud.send("campaign-changes", event("봄-콘서트", "published", 3));
    await().until(() -> !cloud.preview("봄-콘서트").isEmpty());
    cloud.send("campaign-changes", event("봄-콘서트", "published", 2));
    cloud.send("campaign-changes", event("봄-콘서트", "closed", 3));
    cloud.send("campaign-changes", event("봄-콘서트", "draft", 1));
    cloud.awaitEmpty("campaign-changes");

    Map<String, AttributeValue> preview = cloud.preview("봄-콘서트");
    assertThat(number(preview, "version")).isEqualTo(3);
    assertThat(text(preview, "status")).isEqualTo("published");
    assertThat(text(preview, "title")).isEqualTo("Title 3");
    assertThat(text(preview, "opensAt")).isEqualTo("2026-12-01T10:00:00Z");
    assertThat(preview).doesNotContainKeys("city", "closesAt");

    cloud.send("campaign-changes", event("봄-콘서트", "closed", 4));
    await().until(() -> text(cloud.preview("봄-콘서트"), "status").equals("closed"));
  }

  @Test
  void draftsAreNeverShownWhateverTheOrder() {
    cloud.send("campaign-changes", event("draft", "draft", 1));
    cloud.send("campaign-changes", event("taken-back", "published", 2));
    await().until(() -> !cloud.preview("taken-back").isEmpty());
    cloud.send("campaign-changes", event("taken-back", "draft", 4));
    await().until(() -> cloud.preview("taken-back").isEmpty());
    cloud.send("campaign-changes", event("taken-back", "published", 3));
    cloud.awaitEmpty("campaign-changes");

    assertThat(cloud.preview("draft")).isEmpty();
    assertThat(cloud.preview("taken-back")).isEmpty();
  }

  @Test
  void eventsArriveThroughTheTopic() {
    cloud
        .cloud()
        .sns()
        .publish(
            publish ->
                publish
                    .topicArn(cloud.cloud().topicArn("campaign-events"))
                    .message(event("topic", "published", 1)));

    await().until(() -> !cloud.preview("topic").isEmpty());
  }

  @Test
  void campaignEventsThatNobodyUnderstandsArePutAsideToo() {
    cloud.send("campaign-changes", event("a*", "published", 1));

    assertThat(reasonOfNext("campaign-changes")).isEqualTo("invalid-field");
  }

  @Test
  void theTraceOfTheClickGoesOn() {
    cloud
        .cloud()
        .sqs()
        .sendMessage(
            send ->
                send.queueUrl(cloud.cloud().queueUrl("clicks"))
                    .messageBody(Clicks.batch().persons(1, Clicks.now(), "traced").body())
                    .messageSystemAttributes(trace()));

    await()
        .atMost(TestCloud.PATIENCE)
        .until(
            () -> get(URI.create(cloud.cloud().traces() + "/" + TRACE)).contains("event-worker"));
  }

  @Test
  void theNumbersForOperatorsAreThere() throws Exception {
    cloud.send("clicks", Clicks.batch().persons(1, Clicks.now(), "metered").body());
    await().until(() -> cloud.persons("metered") == 1);

    await()
        .untilAsserted(
            () ->
                assertThat(get(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus")))
                    .contains(
                        "clicks_counted_total",
                        "clicks_batches_total",
                        "clicks_chunks_duplicate_total",
                        "clicks_lag_seconds_bucket",
                        "messages_intake_open"));
    assertThat(get(URI.create("http://127.0.0.1:" + port + "/readyz"))).contains("UP");
  }

  private String reasonOfNext(String queue) {
    return attribute(cloud.take(queue + "-dlq", 1).getFirst(), "reason");
  }

  private String arn(String queue) {
    return cloud
        .cloud()
        .sqs()
        .getQueueAttributes(
            get ->
                get.queueUrl(cloud.cloud().queueUrl(queue))
                    .attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
  }

  private static Map<MessageSystemAttributeNameForSends, MessageSystemAttributeValue> trace() {
    return Map.of(
        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
        MessageSystemAttributeValue.builder()
            .dataType("String")
            .stringValue("Root=" + TRACE + ";Parent=53995c3f42cd8ad8;Sampled=1")
            .build());
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
