package dev.backline.drill;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Links are created and read, campaigns created and published, and one long import is under way
 * when the first instance is ended.
 */
final class ApiTraffic implements Traffic {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int IMPORTED_LINES = 11;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);

  private final String url;
  private final String token;
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private final AtomicLong units = new AtomicLong();
  private final Map<String, String> targets = new ConcurrentHashMap<>();
  private final Counts published = new Counts();
  private final Counts events = new Counts();
  private final QueueReader reader;

  private final Thread importing;
  private final CountDownLatch importBegun = new CountDownLatch(1);
  private volatile Runnable doImport = () -> {};
  private volatile long importedLines;

  ApiTraffic(Cloud cloud, String url) throws IOException {
    this.url = url;
    this.token = cloud.token();
    this.importing = Thread.ofVirtual().name("import").unstarted(() -> doImport.run());
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
    if (importing.getState() != Thread.State.NEW) {
      return;
    }
    var body =
        post("/api/links/import", "")
            .setHeader("Content-Type", "application/x-ndjson")
            .setHeader(Balancer.SLOT_HEADER, instance.slot().name())
            .POST(BodyPublishers.ofInputStream(SlowLines::new));
    doImport =
        () -> {
          try {
            client
                .send(
                    body,
                    response ->
                        response.statusCode() == 200
                            && imported(response.body()) >= 0
                            && print(response))
                .ifPresent(response -> importedLines = imported(response.body()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    importing.start();
    importBegun.await();
  }

  /** The number in the summary, which is the last line. */
  private static long imported(String body) {
    JsonNode summary = JSON.readTree(body.lines().toList().getLast());
    return summary.path("imported").asLong(0);
  }

  static boolean print(HttpResponse<String> r) {
    System.err.println(r.statusCode() + " " + r.headers() + r.body());
    return true;
  }

  private void count(String body) {
    JsonNode message = JSON.readTree(body);
    if (message.path("status").asString().equals("published")) {
      events.add(message.path("slug").asString());
    }
  }

  @Override
  public boolean hasArrived() {
    return published.beyond(events) == 0 && !importing.isAlive();
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
        Tally.exact(
                "lines of a 10 s import",
                IMPORTED_LINES,
                importedLines,
                0,
                IMPORTED_LINES - importedLines)
            .mayBeLostIn(Mode.PLAIN, Mode.KILL));
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
    reader.close();
  }

  /** A link per second. */
  private final class SlowLines extends InputStream {

    private byte[] line = new byte[0];
    private int position;
    private int number;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (position == line.length && !next()) {
        return -1;
      }
      int count = Math.min(length, line.length - position);
      System.arraycopy(line, position, bytes, offset, count);
      position += count;
      return count;
    }

    private boolean next() throws IOException {
      if (number == IMPORTED_LINES) {
        return false;
      }
      if (number > 0) {
        importBegun.countDown();
        try {
          Thread.sleep(BETWEEN_LINES);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      line =
          "{\"targetUrl\":\"https://example.com/import/%s/%d\"}\n"
              .formatted(run, number++)
              .getBytes(StandardCharsets.UTF_8);
      position = 0;
      return true;
    }
  }
}
