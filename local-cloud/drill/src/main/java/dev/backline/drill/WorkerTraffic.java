package dev.backline.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.json.JsonMapper;

/** Messages of clicks and of campaign changes; the tables must be exactly right in the end. */
final class WorkerTraffic implements Traffic {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CODES = 20;
  private static final int MOST_CLICKS = 10;
  private static final int CAMPAIGNS = 10;

  /** What the worker counts when it meets a message that it has handled before. */
  private static final Pattern HANDLED_BEFORE =
      Pattern.compile(
          "(?:clicks_chunks_duplicate_total|campaigns_events_total\\{.*outcome=\"repeated\").* (\\S+)");

  private final String url;
  private final SqsClient sqs;
  private final DynamoDbClient dynamoDb;
  private final String clicksUrl;
  private final String changesUrl;
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private final AtomicLong units = new AtomicLong();
  private final Counts clicks = new Counts();
  private final Counts versions = new Counts();
  private final Set<UUID> batches = ConcurrentHashMap.newKeySet();
  private final Map<Instance, Long> handledBefore = new ConcurrentHashMap<>();
  private final HttpClient scraper = Http.client();

  WorkerTraffic(Cloud cloud, String url) {
    this.url = url;
    this.sqs = cloud.sqs();
    this.dynamoDb = cloud.dynamoDb();
    this.clicksUrl = sqs.getQueueUrl(request -> request.queueName("clicks")).queueUrl();
    this.changesUrl = sqs.getQueueUrl(request -> request.queueName("campaign-changes")).queueUrl();
  }

  /** A message of clicks, for every fifth unit a campaign change, and a request. */
  @Override
  public void send(Client client) throws InterruptedException {
    long unit = units.getAndIncrement();
    sendClicks();
    if (unit % 5 == 0) {
      sendChange("drill-%s-%d".formatted(run, unit / 5 % CAMPAIGNS));
    }
    // It has no API; that nothing is there is an answer, too.
    client.send(
        HttpRequest.newBuilder(URI.create(url + "/nothing-is-here")),
        response -> response.statusCode() == 404);
  }

  private void sendClicks() {
    var random = ThreadLocalRandom.current();
    var batch = UUID.randomUUID();
    var code = "drill-%s-%d".formatted(run, random.nextInt(CODES));
    var click =
        Map.of(
            "at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            "code", code,
            "country", "KR",
            "device", "mobile",
            "kind", "person");
    int number = random.nextInt(1, MOST_CLICKS + 1);
    send(
        clicksUrl,
        Map.of("type", "clicks.v1", "batch", batch, "clicks", Collections.nCopies(number, click)));
    batches.add(batch);
    clicks.add(code, number);
  }

  private void sendChange(String slug) {
    long version;
    synchronized (versions) {
      versions.add(slug);
      version = versions.of(slug);
    }
    send(
        changesUrl,
        Map.of(
            "type",
            "campaign-changed.v1",
            "slug",
            slug,
            "status",
            "published",
            "version",
            version,
            "title",
            "Drill",
            "occurredAt",
            Instant.now().toString()));
  }

  private void send(String queue, Map<String, ?> message) {
    sqs.sendMessage(
        request -> request.queueUrl(queue).messageBody(JSON.writeValueAsString(message)));
  }

  /** Looks at its counter until it has ended. */
  @Override
  public void started(Instance instance) {
    var metrics = URI.create(instance.slot().url() + "/actuator/prometheus");
    var request = HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(2)).build();
    Thread.ofVirtual()
        .name("metrics-" + instance.slot().name())
        .start(
            () -> {
              try {
                while (instance.isRunning()) {
                  look(instance, request);
                  Thread.sleep(200);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void look(Instance instance, HttpRequest request) throws InterruptedException {
    try {
      var response = scraper.send(request, BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        handledBefore.put(instance, handledBefore(response.body()));
      }
    } catch (IOException starting) {
      // Or ending: the last number that was told stays.
    }
  }

  static long handledBefore(String metrics) {
    return metrics
        .lines()
        .map(HANDLED_BEFORE::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
        .sum();
  }

  /** Nothing waits, and nothing is in the hands of a worker. */
  @Override
  public boolean hasArrived() {
    return Stream.of(clicksUrl, changesUrl).allMatch(this::isEmpty);
  }

  private boolean isEmpty(String queue) {
    return sqs
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(queue)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .allMatch("0"::equals);
  }

  /** A message in the hands of a killed worker comes back after 60 s, its visibility time-out. */
  @Override
  public Duration patience() {
    return Duration.ofMinutes(3);
  }

  @Override
  public List<Tally> tallies() throws InterruptedException {
    long handled = batches.stream().filter(this::isHandled).count();
    long twice = handledBefore.values().stream().mapToLong(Long::longValue).sum();
    Counts counted = counted();
    long upToDate = versions.names().stream().filter(this::isUpToDate).count();
    return List.of(
        Tally.exact("messages", batches.size(), handled, twice, batches.size() - handled)
            .mayComeTwiceIn(Mode.PLAIN, Mode.KILL),
        Tally.exact(
            "clicks", clicks.sum(), counted.sum(), counted.beyond(clicks), clicks.beyond(counted)),
        Tally.exact(
            "changed campaigns",
            versions.names().size(),
            upToDate,
            0,
            versions.names().size() - upToDate));
  }

  private boolean isHandled(UUID batch) {
    return dynamoDb
        .getItem(
            get ->
                get.tableName("link-stats")
                    .key(
                        Map.of(
                            "code", AttributeValue.fromS("#batch#" + batch),
                            "bucket", AttributeValue.fromS("0"))))
        .hasItem();
  }

  private Counts counted() {
    var counted = new Counts();
    for (String code : clicks.names()) {
      dynamoDb
          .queryPaginator(
              query ->
                  query
                      .tableName("link-stats")
                      .keyConditionExpression("code = :code")
                      .expressionAttributeValues(Map.of(":code", AttributeValue.fromS(code))))
          .items()
          .forEach(item -> counted.add(code, persons(item)));
    }
    return counted;
  }

  /** Of an hour; persons of a referrer in that hour are in items of their own. */
  private static long persons(Map<String, AttributeValue> item) {
    AttributeValue bucket = item.get("bucket");
    AttributeValue persons = item.get("person");
    return bucket == null || bucket.s().contains("#") || persons == null
        ? 0
        : Long.parseLong(persons.n());
  }

  private boolean isUpToDate(String slug) {
    AttributeValue version =
        dynamoDb
            .getItem(
                get ->
                    get.tableName("campaign-previews")
                        .key(Map.of("slug", AttributeValue.fromS(slug))))
            .item()
            .get("version");
    return version != null && Long.parseLong(version.n()) == versions.of(slug);
  }

  @Override
  public void close() {
    scraper.shutdownNow();
  }
}
