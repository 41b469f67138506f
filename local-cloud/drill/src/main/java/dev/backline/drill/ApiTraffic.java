package dev.backline.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Links are created and read, campaigns created and published; a request and an import that take
 * ten seconds are under way when the first instance is ended.
 */
final class ApiTraffic implements Traffic {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Ten pauses. */
  private static final int SLOW_PIECES = 11;

  private static final Duration BETWEEN_PIECES = Duration.ofSeconds(1);

  private final String url;
  private final String token;
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private final AtomicLong units = new AtomicLong();
  private final Map<String, String> targets = new ConcurrentHashMap<>();
  private final Counts published = new Counts();
  private final Counts events = new Counts();
  private final QueueReader reader;

  private final ExecutorService slow = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Future<Long> slowImport;
  private @Nullable Future<Long> slowRequest;

  ApiTraffic(Cloud cloud, String url) throws IOException {
    this.url = url;
    this.token = cloud.token();
    this.reader = new QueueReader(cloud.sqs(), "campaign-changes", this::count);
  }

  /** Of ten units five read a link, four create one, and one creates and publishes a campaign. */
  @Override
  public void send(Client client) throws InterruptedException {
    long unit = units.getAndIncrement();
    switch ((int) (unit % 10)) {
      case 0 -> publishCampaign(client, "drill-%s-%d".formatted(run, unit));
      case 1, 3, 5, 7 -> createLink(client, unit);
      default -> readLink(client);
    }
  }

  private void createLink(Client client, long unit) throws InterruptedException {
    String target = "https://example.com/%s/%d".formatted(run, unit);
    var request =
        post("/api/links", JSON.writeValueAsString(Map.of("targetUrl", target)))
            .header("Idempotency-Key", "drill-%s-%d".formatted(run, unit));
    client
        .send(request, response -> response.statusCode() == 201)
        .ifPresent(response -> targets.put(text(response, "code"), target));
  }

  private void readLink(Client client) throws InterruptedException {
    var some = targets.entrySet().stream().findAny();
    if (some.isPresent()) {
      client.send(
          request("/api/links/" + some.get().getKey()),
          response -> isLink(response, some.get().getValue()));
    }
  }

  private void publishCampaign(Client client, String slug) throws InterruptedException {
    var campaign =
        Map.of(
            "slug", slug,
            "title", "Drill",
            "description", "Created by make drill",
            "artist", "The Backliners",
            "city", "Seoul",
            "imageKey", "drill/cover.jpg",
            "opensAt", "2027-03-01T10:00:00Z",
            "closesAt", "2027-05-31T14:59:59Z");
    var created =
        client.send(
            post("/api/campaigns", JSON.writeValueAsString(campaign)),
            response -> response.statusCode() == 201);
    if (created.isPresent()) {
      client
          .send(
              post("/api/campaigns/%s/publish".formatted(slug), ""),
              response -> response.statusCode() == 200)
          .ifPresent(response -> published.add(slug));
    }
  }

  /** Only once: it makes a stop last ten seconds, and the others are to be measured. */
  @Override
  public void ending(Instance instance, Client client) throws InterruptedException {
    if (slowRequest != null) {
      return;
    }
    var underWay = new CountDownLatch(2);
    String slot = instance.slot().name();
    slowRequest = slow.submit(() -> slowLink(client, slot, underWay));
    slowImport = slow.submit(() -> slowImport(client, slot, underWay));
    underWay.await();
  }

  /** One link, in a body that takes ten seconds. */
  private long slowLink(Client client, String slot, CountDownLatch underWay)
      throws InterruptedException {
    String target = "https://example.com/%s/slow".formatted(run);
    var pieces = new ArrayList<>(Collections.nCopies(SLOW_PIECES - 1, " "));
    pieces.add(JSON.writeValueAsString(Map.of("targetUrl", target)));
    var created =
        client.send(
            slowly(post("/api/links", ""), slot, pieces, underWay),
            response -> response.statusCode() == 201);
    created.ifPresent(response -> targets.put(text(response, "code"), target));
    return created.isPresent() ? 1 : 0;
  }

  /** A link per second. */
  private long slowImport(Client client, String slot, CountDownLatch underWay)
      throws InterruptedException {
    var lines =
        IntStream.range(0, SLOW_PIECES)
            .mapToObj(
                i -> "{\"targetUrl\":\"https://example.com/%s/import/%d\"}\n".formatted(run, i))
            .toList();
    return client
        .send(slowly(upload(), slot, lines, underWay), ApiTraffic::isCompleteImport)
        .map(ApiTraffic::summary)
        .map(summary -> summary.path("imported").asLong(0))
        .orElse(0L);
  }

  private HttpRequest.Builder upload() {
    return post("/api/links/import", "")
        .setHeader("Content-Type", "application/x-ndjson")
        .header("Idempotency-Key", "drill-import-" + run);
  }

  private static HttpRequest.Builder slowly(
      HttpRequest.Builder request, String slot, List<String> pieces, CountDownLatch underWay) {
    return request
        .header(Balancer.SLOT_HEADER, slot)
        .POST(
            BodyPublishers.ofInputStream(
                () -> new SlowBody(pieces, BETWEEN_PIECES, underWay::countDown)));
  }

  private static boolean isCompleteImport(HttpResponse<String> response) {
    return response.statusCode() == 200 && summary(response).path("complete").asBoolean(false);
  }

  /** The last line. */
  private static JsonNode summary(HttpResponse<String> response) {
    return JSON.readTree(response.body().lines().reduce("", (before, line) -> line));
  }

  private void count(String body) {
    JsonNode message = JSON.readTree(body);
    if (message.path("status").asString().equals("published")) {
      events.add(message.path("slug").asString());
    }
  }

  @Override
  public boolean hasArrived() {
    return published.beyond(events) == 0 && isDone(slowRequest) && isDone(slowImport);
  }

  /**
   * An event that a killed instance did not send is sent by its sibling after one to two minutes.
   */
  @Override
  public Duration patience() {
    return Duration.ofMinutes(3);
  }

  @Override
  public List<Tally> tallies() throws InterruptedException {
    return List.of(
        links(),
        Tally.exact(
                "published campaigns",
                published.sum(),
                published.sum() - published.beyond(events),
                published.names().stream()
                    .mapToLong(slug -> Math.max(0, events.of(slug) - 1))
                    .sum(),
                published.beyond(events))
            .mayComeTwiceIn(Mode.PLAIN, Mode.KILL),
        slow("request of 10 s", 1, slowRequest),
        slow("lines of an import of 10 s", SLOW_PIECES, slowImport));
  }

  private static boolean isDone(@Nullable Future<?> future) {
    return future == null || future.isDone();
  }

  private static Tally slow(String what, long sent, @Nullable Future<Long> future) {
    long arrived =
        future != null && future.state() == Future.State.SUCCESS ? future.resultNow() : 0;
    return Tally.exact(what, sent, arrived, 0, sent - arrived).mayBeLostIn(Mode.PLAIN, Mode.KILL);
  }

  /** Asks for each link whose creation was confirmed. */
  private Tally links() throws InterruptedException {
    long readable = 0;
    try (var client = new Client(new Ledger())) {
      for (var link : targets.entrySet()) {
        if (client
            .send(
                request("/api/links/" + link.getKey()),
                response -> isLink(response, link.getValue()))
            .isPresent()) {
          readable++;
        }
      }
    }
    return Tally.exact("created links", targets.size(), readable, 0, targets.size() - readable);
  }

  private static boolean isLink(HttpResponse<String> response, String target) {
    return response.statusCode() == 200 && text(response, "targetUrl").equals(target);
  }

  private static String text(HttpResponse<String> response, String member) {
    return JSON.readTree(response.body()).path(member).asString("");
  }

  private HttpRequest.Builder post(String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    slow.shutdownNow();
    reader.close();
  }
}
