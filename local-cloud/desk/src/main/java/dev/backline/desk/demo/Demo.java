package dev.backline.desk.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The story of the README, played against a running suite; each step is checked. */
public final class Demo {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path LINKS = Path.of("data", "links.csv");
  private static final Duration IMPORT_LIMIT = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int CLICKS = 1_000;
  private static final int CLICKERS = 8;

  /** A person on a phone; what calls itself a Java client would count as a bot. */
  private static final String PHONE =
      "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

  private final Addresses addresses;
  private final String token;
  private final Http http;
  private final Teller teller;

  /** Differs from run to run, so that the story can be played again. */
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  /** Base URLs of what the story talks to. */
  public record Addresses(String api, String redirector, String cloud) {}

  private Demo(Addresses addresses, String token, Http http, Teller teller) {
    this.addresses = addresses;
    this.token = token;
    this.http = http;
    this.teller = teller;
  }

  /**
   * Plays the story and prints it.
   *
   * @param token with all scopes
   * @return true when each step held
   */
  public static boolean play(Addresses addresses, String token, boolean colours)
      throws InterruptedException {
    var teller = new Teller(System.out, colours);
    try (var http = new Http()) {
      for (String url :
          List.of(
              addresses.api() + "/readyz",
              addresses.redirector() + "/readyz",
              addresses.cloud() + "/health")) {
        if (!http.answers(url)) {
          System.err.println(
              "Nothing is ready at "
                  + url
                  + ". Start the suite with make run in another terminal, then try again.");
          return false;
        }
      }
      new Demo(addresses, token, http, teller).play();
      return true;
    } catch (Unexpected e) {
      teller.failed(String.valueOf(e.getMessage()));
      return false;
    } catch (IOException e) {
      teller.failed("the suite stopped answering: " + e);
      return false;
    }
  }

  private void play() throws IOException, InterruptedException {
    Instant began = Instant.now();
    teller.command("TOKEN=$(make -s token)");
    String slug = "봄-투어-" + run;
    createAndPublish(slug);
    readPreview(slug);
    importLinks();
    String target = "https://example.com/campaigns/spring-tour?from=kakaotalk";
    String code = createLink(slug, target);
    click(code, target);
    readStatistics(code);
    findTrace(began, code);
    teller.end("The whole story held. Look around: " + addresses.api() + "/api/docs");
  }

  private void createAndPublish(String slug) throws IOException, InterruptedException {
    teller.step("A campaign is created and published");
    var campaign = new LinkedHashMap<String, Object>();
    campaign.put("slug", slug);
    campaign.put("title", "봄 투어 2027");
    campaign.put("description", "Three nights at the river");
    campaign.put("artist", "The Backliners");
    campaign.put("city", "서울");
    campaign.put("imageKey", "spring/cover.jpg");
    campaign.put("opensAt", "2027-03-01T10:00:00Z");
    campaign.put("closesAt", "2027-05-31T14:59:59Z");
    String url = addresses.api() + "/api/campaigns";
    String body = JSON.writeValueAsString(campaign);
    teller.command(
        "curl %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '%s'"
            .formatted(url, body));
    var created = http.post(url, json(), body).expect(201, "POST " + url);
    teller.say(
        "201, status %s, version %s"
            .formatted(text(created.json(), "status"), text(created.json(), "version")));

    String publish = url + "/" + encoded(slug) + "/publish";
    teller.command("curl -X POST %s -H \"Authorization: Bearer $TOKEN\"".formatted(publish));
    var published = http.post(publish, json(), "").expect(200, "POST " + publish);
    String status = text(published.json(), "status");
    Unexpected.unless(
        status.equals("published"),
        "expected the status published, but got %s".formatted(published.text()));
    teller.done("%s is %s".formatted(slug, status));
  }

  private void readPreview(String slug) throws IOException, InterruptedException {
    teller.step(
        "The preview read model follows (PostgreSQL -> outbox -> SNS -> SQS -> event-worker -> DynamoDB)");
    teller.command(
        "AWS_ENDPOINT_URL=%s aws dynamodb get-item --table-name campaign-previews --key '{\"slug\":{\"S\":\"%s\"}}'"
            .formatted(addresses.cloud(), slug));
    JsonNode item = preview(slug);
    while (item.path("status").path("S").asString("").isEmpty()) {
      Unexpected.unless(
          teller.sinceStep().compareTo(SOON) < 0,
          "expected a preview of %s within %s".formatted(slug, Teller.seconds(SOON)));
      pause();
      item = preview(slug);
    }
    String status = item.path("status").path("S").asString("");
    Unexpected.unless(
        status.equals("published"), "expected a published preview, but got %s".formatted(item));
    teller.done(
        "title %s, version %s"
            .formatted(
                item.path("title").path("S").asString(""),
                item.path("version").path("N").asString("")));
  }

  private JsonNode preview(String slug) throws IOException, InterruptedException {
    var request =
        Map.of(
            "TableName",
            "campaign-previews",
            "ConsistentRead",
            true,
            "Key",
            Map.of("slug", Map.of("S", slug)));
    // The emulator reads the signature's form, not its value.
    var headers =
        Map.of(
            "X-Amz-Target", "DynamoDB_20120810.GetItem",
            "Content-Type", "application/x-amz-json-1.0",
            "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20270101/ap-northeast-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0");
    return http.post(addresses.cloud() + "/", headers, JSON.writeValueAsString(request))
        .expect(200, "GetItem campaign-previews")
        .json()
        .path("Item");
  }

  private void importLinks() throws IOException, InterruptedException {
    long lines = Files.readString(LINKS).lines().count() - 1;
    teller.step(String.format(Locale.ROOT, "%,d real links are imported", lines));
    String url = addresses.api() + "/api/links/import";
    teller.command(
        "curl %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: text/csv' -H 'Idempotency-Key: demo-%s' --data-binary @%s"
            .formatted(url, run, LINKS));
    var headers = authorized();
    headers.put("Content-Type", "text/csv");
    headers.put("Accept", "application/x-ndjson");
    headers.put("Idempotency-Key", "demo-" + run);
    var response =
        http.stream(url, headers, BodyPublishers.ofFile(LINKS), IMPORT_LIMIT.multipliedBy(5));
    var refused = new TreeMap<String, Integer>();
    JsonNode summary = JSON.missingNode();
    try (var answers =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        Unexpected.unless(
            response.statusCode() == 200,
            "expected 200, but got %d %s".formatted(response.statusCode(), line));
        JsonNode answer = object(line);
        if (answer.has("error")) {
          refused.merge(reason(answer.path("error")), 1, Integer::sum);
        } else if (answer.has("total")) {
          summary = answer;
        }
      }
    }
    refused.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(
            reason -> teller.say("refused %5d  %s".formatted(reason.getValue(), reason.getKey())));
    // A write whose answer came too late for the API was repeated, and is there once.
    long imported = summary.path("imported").asLong(0) + summary.path("repeated").asLong(0);
    long refusals = refused.values().stream().mapToInt(Integer::intValue).sum();
    Unexpected.unless(
        summary.path("complete").asBoolean(false) && imported > 0 && imported + refusals == lines,
        "expected a complete import of %d lines, but got %s".formatted(lines, summary));
    Unexpected.unless(
        teller.sinceStep().compareTo(IMPORT_LIMIT) <= 0,
        "expected to be done within %s".formatted(Teller.seconds(IMPORT_LIMIT)));
    teller.done("%d imported, %d refused, every line answered".formatted(imported, refusals));
  }

  private static String reason(JsonNode error) {
    String type = text(error, "type");
    return either(text(error, "reason"), type.substring(type.lastIndexOf('/') + 1));
  }

  private String createLink(String slug, String target) throws IOException, InterruptedException {
    teller.step("A short link to the campaign");
    String url = addresses.api() + "/api/links";
    String body =
        JSON.writeValueAsString(new TreeMap<>(Map.of("targetUrl", target, "campaign", slug)));
    teller.command(
        "curl %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -H 'Idempotency-Key: demo-link-%s' -d '%s'"
            .formatted(url, run, body));
    var headers = json();
    headers.put("Idempotency-Key", "demo-link-" + run);
    String code = text(http.post(url, headers, body).expect(201, "POST " + url).json(), "code");
    String again = text(http.post(url, headers, body).json(), "code");
    Unexpected.unless(
        again.equals(code),
        "expected the same code for the same key, but got %s, then %s".formatted(code, again));
    teller.done(
        "%s/%s -> %s (the same when asked again)".formatted(addresses.redirector(), code, target));
    return code;
  }

  private void click(String code, String target) throws InterruptedException {
    String url = addresses.redirector() + "/" + code;
    teller.step(String.format(Locale.ROOT, "%,d people click it", CLICKS));
    teller.command(
        "curl -i %s -A 'Mozilla/5.0 (Linux; Android 15) ... Mobile Safari/537.36'".formatted(url));
    var headers =
        Map.of(
            "User-Agent",
            PHONE,
            "Referer",
            "https://m.search.naver.com/search.naver?query=backline");
    var left = new AtomicInteger(CLICKS);
    var clickers = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLICKERS; i++) {
        clickers.add(
            threads.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    var answer = http.look(url, headers);
                    String location = answer.headers().firstValue("Location").orElse("nowhere");
                    Unexpected.unless(
                        answer.statusCode() == 302 && location.equals(target),
                        "expected 302 to %s, but got %d to %s"
                            .formatted(target, answer.statusCode(), location));
                  }
                  return null;
                }));
      }
    }
    for (var clicker : clickers) {
      try {
        clicker.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Unexpected unexpected
            ? unexpected
            : new Unexpected("a click failed: " + e.getCause());
      }
    }
    teller.done("302 to %s each time".formatted(target));
  }

  private void readStatistics(String code) throws IOException, InterruptedException {
    teller.step(
        "The statistics count each click once (redirector -> SQS -> event-worker -> DynamoDB)");
    String url = addresses.api() + "/api/links/" + code + "/stats?by=";
    teller.command("curl '%skind' -H \"Authorization: Bearer $TOKEN\"".formatted(url));
    long counted = statistics(url + "kind").path("total").path("clicks").asLong(0);
    while (counted < CLICKS) {
      Unexpected.unless(
          teller.sinceStep().compareTo(SOON) < 0,
          "expected %d clicks within %s, but got %d"
              .formatted(CLICKS, Teller.seconds(SOON), counted));
      pause();
      counted = statistics(url + "kind").path("total").path("clicks").asLong(0);
    }
    Unexpected.unless(
        counted == CLICKS, "expected exactly %d clicks, but got %d".formatted(CLICKS, counted));
    for (String by : List.of("kind", "device", "referrer")) {
      var groups = new LinkedHashMap<String, Long>();
      for (JsonNode bucket : statistics(url + by).path("buckets")) {
        groups.put(text(bucket, "key"), bucket.path("clicks").asLong(0));
      }
      groups.values().removeIf(clicks -> clicks == 0);
      teller.say("by %-9s %s".formatted(by, groups));
    }
    teller.done("exactly %d".formatted(counted));
  }

  private JsonNode statistics(String url) throws IOException, InterruptedException {
    return http.get(url, authorized()).expect(200, "GET " + url).json();
  }

  private void findTrace(Instant began, String code) throws IOException, InterruptedException {
    teller.step("One trace goes through the queue");
    String url = addresses.cloud() + "/traces";
    teller.command("curl " + url);
    String id = trace(url, began, code);
    while (id.isEmpty()) {
      Unexpected.unless(
          teller.sinceStep().compareTo(SOON) < 0,
          "expected a trace with redirector and event-worker within %s"
              .formatted(Teller.seconds(SOON)));
      pause();
      id = trace(url, began, code);
    }
    teller.command("curl " + url + "/" + id);
    TraceTree.of(http.get(url + "/" + id, Map.of()).expect(200, "GET trace").json())
        .forEach(line -> teller.say(line));
    teller.done(id);
  }

  private String trace(String url, Instant began, String code)
      throws IOException, InterruptedException {
    for (JsonNode trace : http.get(url, Map.of()).expect(200, "GET " + url).json()) {
      var services = new ArrayList<String>();
      trace.path("services").forEach(service -> services.add(service.asString("")));
      if (services.containsAll(List.of("redirector", "event-worker"))
          && text(trace, "url").endsWith("/" + code)
          && trace.path("start").asLong(0) >= began.toEpochMilli()) {
        return text(trace, "id");
      }
    }
    return "";
  }

  private Map<String, String> authorized() {
    return new TreeMap<>(Map.of("Authorization", "Bearer " + token));
  }

  private Map<String, String> json() {
    var headers = authorized();
    headers.put("Content-Type", "application/json");
    return headers;
  }

  private static JsonNode object(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new Unexpected("expected one JSON object per line, but got " + line);
    }
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).asString("");
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8);
  }

  private static void pause() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(200));
  }
}
