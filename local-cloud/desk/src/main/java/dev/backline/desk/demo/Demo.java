package dev.backline.desk.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The story of the README. */
final class Demo {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path LINKS = Path.of("data", "links.csv");
  private static final int CLICKS = 1_000;
  private static final String TITLE = "봄 투어 2027";

  private final Api api;
  private final Teller teller;
  private final Duration fresh;
  private final Duration soon;
  private final Duration importLimit;

  /** Differs from run to run, so that the story can be played again. */
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  /**
   * @param patience the limits are that many times those of a desk
   */
  Demo(Api api, Teller teller, int patience) {
    this.api = api;
    this.teller = teller;
    this.fresh = Duration.ofSeconds(2L * patience);
    this.soon = Duration.ofSeconds(10L * patience);
    this.importLimit = Duration.ofSeconds(60L * patience);
  }

  void play() throws IOException, InterruptedException {
    Instant began = Instant.now();
    teller.command("TOKEN=$(%s)".formatted(api.tokenCommand()));
    String slug = "봄-투어-" + run;
    createAndPublish(slug);
    readPreview(slug);
    visit(slug);
    retitle(slug);
    importLinks();
    String target = "https://example.com/campaigns/spring-tour?from=kakaotalk";
    String code = createLink(slug, target);
    compare(code);
    click(code, target);
    readStatistics(code);
    showThumbnails();
    findTrace(began, code);
    teller.end(
        "The whole story held. Look around: %s/campaigns/%s and %s"
            .formatted(api.addresses().web(), slug, api.addresses().requests()));
  }

  private void createAndPublish(String slug) throws IOException, InterruptedException {
    teller.step("A campaign is created and published");
    String body = Api.campaign(slug, TITLE);
    teller.command(
        "curl %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '%s'"
            .formatted(api.campaigns(), body));
    JsonNode created = api.createCampaign(body);
    teller.say(
        "201, status %s, version %s"
            .formatted(Api.text(created, "status"), Api.text(created, "version")));
    teller.command(
        "curl -X POST %s -H \"Authorization: Bearer $TOKEN\"".formatted(api.publishUrl(slug)));
    teller.done("%s is %s".formatted(slug, Api.text(api.publish(slug), "status")));
  }

  private void readPreview(String slug) throws IOException, InterruptedException {
    teller.step(
        "The preview read model follows (PostgreSQL -> outbox -> SNS -> SQS -> event-worker -> DynamoDB)");
    teller.command(
        "AWS_ENDPOINT_URL=%s aws dynamodb get-item --table-name campaign-previews --key '{\"slug\":{\"S\":\"%s\"}}'"
            .formatted(api.addresses().cloud(), slug));
    JsonNode item = api.awaitPreview(slug, soon);
    teller.done(
        "title %s, version %s"
            .formatted(Api.text(item.path("title"), "S"), Api.text(item.path("version"), "N")));
  }

  private void visit(String slug) throws IOException, InterruptedException {
    teller.step("Its page: the app for people, a card for link previews");
    String url = api.pageUrl(slug);
    teller.command("curl %s".formatted(url));
    String app = page(url, Api.PERSON);
    Unexpected.unless(
        app.contains("<script type=\"module\"") && !app.contains("og:title"),
        "expected the app's page for a person, but got " + app);
    teller.say("a person gets the app, %d bytes".formatted(app.length()));
    teller.command("curl %s -A 'kakaotalk-scrap/1.0'".formatted(url));
    String card = page(url, Api.KAKAOTALK);
    for (String tag : List.of("og:title", "og:image", "og:url")) {
      teller.say("%-8s  %s".formatted(tag, tag(card, tag)));
    }
    Unexpected.unless(tag(card, "og:title").equals(TITLE), "expected the title in " + card);
    String image = tag(card, "og:image");
    var picture = api.http().bytes(image, Api.KAKAOTALK);
    Unexpected.unless(
        picture.statusCode() == 200 && type(picture).equals("image/jpeg"),
        "expected a JPEG at %s, but got %d %s"
            .formatted(image, picture.statusCode(), type(picture)));
    var forged = new TreeMap<>(Api.PERSON);
    forged.put("x-viewer-kind", "preview");
    Unexpected.unless(
        page(url, forged).equals(app), "expected that a forged x-viewer-kind changes nothing");
    teller.done("KakaoTalk gets the card and its picture; a forged header changes nothing");
  }

  private void retitle(String slug) throws IOException, InterruptedException {
    teller.step("The title changes, and nobody clears a cache");
    String title = TITLE + " (extra show)";
    String version = Api.text(api.preview(slug).path("version"), "N");
    String body = Api.retitled(title);
    teller.command(
        "curl -X PUT %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -H 'If-Match: \"%s\"' -d '%s'"
            .formatted(api.campaignUrl(slug), version, body));
    api.retitle(slug, body, version);
    String url = api.pageUrl(slug);
    String shown = tag(page(url, Api.KAKAOTALK), "og:title");
    while (!shown.equals(title)) {
      Unexpected.unless(
          teller.sinceStep().compareTo(fresh) < 0,
          "expected the new title within %s, but the preview still says %s"
              .formatted(Teller.seconds(fresh), shown));
      Thread.sleep(Duration.ofMillis(50));
      shown = tag(page(url, Api.KAKAOTALK), "og:title");
    }
    teller.done("the preview says " + shown);
  }

  private void compare(String code) throws IOException, InterruptedException {
    teller.step("The edge answers like the redirector");
    for (String path : List.of(code, "nothing-" + run)) {
      teller.command("curl -i %s".formatted(api.shortUrl(path)));
      String edge = answer(api.shortUrl(path));
      String redirector = answer(api.redirectorUrl(path));
      Unexpected.unless(
          edge.equals(redirector),
          "expected the same, but the edge says\n%s\nand the redirector\n%s"
              .formatted(edge, redirector));
      teller.say(edge.lines().limit(3).collect(Collectors.joining("\n")));
    }
    teller.done("the same status, headers and page");
  }

  /** Not a click: link previews are counted apart. */
  private String answer(String url) throws IOException, InterruptedException {
    var answer = api.http().bytes(url, Api.KAKAOTALK);
    var text = new StringBuilder("HTTP " + answer.statusCode() + "\n");
    for (String name :
        List.of("Location", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Content-Type")) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(value -> text.append(name).append(": ").append(value).append('\n'));
    }
    return text + new String(answer.body(), StandardCharsets.UTF_8);
  }

  private void showThumbnails() throws IOException, InterruptedException {
    teller.step("A thumbnail in three formats, each made once");
    String url = "%s/images/%s?w=640".formatted(api.addresses().web(), Api.IMAGE);
    var sizes = new LinkedHashMap<String, Integer>();
    for (String accept : List.of("image/avif,image/webp,*/*", "image/webp,*/*", "*/*")) {
      teller.command("curl '%s' -H 'Accept: %s' -o thumbnail".formatted(url, accept));
      var headers = new TreeMap<>(Api.PERSON);
      headers.put("Accept", accept);
      var picture = api.http().bytes(url, headers);
      Unexpected.unless(
          picture.statusCode() == 200,
          "expected 200, but got %d for %s".formatted(picture.statusCode(), accept));
      sizes.put(type(picture), picture.body().length);
    }
    Unexpected.unless(
        sizes.keySet().equals(Set.of("image/avif", "image/webp", "image/jpeg")),
        "expected AVIF, WebP and JPEG, but got " + sizes);
    teller.done(sizes + " bytes");
  }

  private String page(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    return api.http().get(url, headers).expect(200, "GET " + url).text();
  }

  private static String type(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElse("no type");
  }

  /** The content of a tag like {@code og:title}. */
  private static String tag(String page, String property) {
    Matcher tag =
        Pattern.compile("<meta property=\"%s\" content=\"([^\"]*)\"".formatted(property))
            .matcher(page);
    return tag.find() ? tag.group(1) : "";
  }

  private void importLinks() throws IOException, InterruptedException {
    long lines = Files.readString(LINKS).lines().count() - 1;
    teller.step(String.format(Locale.ROOT, "%,d real links are imported", lines));
    String url = api.links() + "/import";
    teller.command(
        "curl %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: text/csv' -H 'Idempotency-Key: demo-%s' --data-binary @%s"
            .formatted(url, run, LINKS));
    var headers = api.authorized();
    headers.put("Content-Type", "text/csv");
    headers.put("Accept", "application/x-ndjson");
    headers.put("Idempotency-Key", "demo-" + run);
    var response =
        api.http().stream(url, headers, BodyPublishers.ofFile(LINKS), importLimit.multipliedBy(5));
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
        teller.sinceStep().compareTo(importLimit) <= 0,
        "expected to be done within %s".formatted(Teller.seconds(importLimit)));
    teller.done("%d imported, %d refused, every line answered".formatted(imported, refusals));
  }

  private static String reason(JsonNode error) {
    String type = Api.text(error, "type");
    return either(Api.text(error, "reason"), type.substring(type.lastIndexOf('/') + 1));
  }

  private String createLink(String slug, String target) throws IOException, InterruptedException {
    teller.step("A short link to the campaign");
    String key = "demo-link-" + run;
    String body = Api.link(target, slug);
    teller.command(
        "curl %s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -H 'Idempotency-Key: %s' -d '%s'"
            .formatted(api.links(), key, body));
    String code = api.createLink(body, key);
    String again = api.createLink(body, key);
    Unexpected.unless(
        again.equals(code),
        "expected the same code for the same key, but got %s, then %s".formatted(code, again));
    teller.done("%s -> %s (the same when asked again)".formatted(api.shortUrl(code), target));
    return code;
  }

  private void click(String code, String target) throws InterruptedException {
    teller.step(String.format(Locale.ROOT, "%,d people click it, one in ten at the edge", CLICKS));
    teller.command(
        "curl -i %s -A 'Mozilla/5.0 (Linux; Android 15) ... Mobile Safari/537.36'"
            .formatted(api.shortUrl(code)));
    // The redirector sends clicks in batches, each run of the function its own.
    var urls = new ArrayList<>(Collections.nCopies(9, api.redirectorUrl(code)));
    urls.add(api.shortUrl(code));
    api.click(urls, target, new AtomicInteger(CLICKS));
    teller.done("302 to %s each time".formatted(target));
  }

  private void readStatistics(String code) throws IOException, InterruptedException {
    teller.step(
        "The statistics count each click once (redirector -> SQS -> event-worker -> DynamoDB)");
    teller.command(
        "curl '%s' -H \"Authorization: Bearer $TOKEN\"".formatted(api.statisticsUrl(code, "kind")));
    long counted = api.clicks(code);
    while (counted < CLICKS) {
      Unexpected.unless(
          teller.sinceStep().compareTo(soon) < 0,
          "expected %d clicks within %s, but got %d"
              .formatted(CLICKS, Teller.seconds(soon), counted));
      Api.pause();
      counted = api.clicks(code);
    }
    Unexpected.unless(
        counted == CLICKS, "expected exactly %d clicks, but got %d".formatted(CLICKS, counted));
    for (String by : List.of("kind", "device", "referrer")) {
      var groups = new LinkedHashMap<String, Long>();
      for (JsonNode bucket : api.statistics(code, by).path("buckets")) {
        groups.put(Api.text(bucket, "key"), bucket.path("clicks").asLong(0));
      }
      groups.values().removeIf(clicks -> clicks == 0);
      teller.say("by %-9s %s".formatted(by, groups));
    }
    teller.done("exactly %d".formatted(counted));
  }

  private void findTrace(Instant began, String code) throws IOException, InterruptedException {
    TraceStore store = api.addresses().traces();
    if (store instanceof TraceStore.None none) {
      teller.step("No trace is looked for: nobody receives them. " + none.remedy());
      return;
    }
    teller.step("One trace goes through the queue");
    teller.command(Traces.listing(store));
    var traces = new Traces(api.http());
    var trace = traces.find(store, began, code);
    while (trace.isEmpty()) {
      Unexpected.unless(
          teller.sinceStep().compareTo(soon) < 0,
          "expected a trace with redirector and event-worker within %s"
              .formatted(Teller.seconds(soon)));
      Api.pause();
      trace = traces.find(store, began, code);
    }
    teller.command(trace.get().command());
    trace.get().lines().forEach(teller::say);
    teller.done(trace.get().id());
  }

  private static JsonNode object(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new Unexpected("expected one JSON object per line, but got " + line);
    }
  }

  private static String either(String first, String second) {
    return first.isEmpty() ? second : first;
  }
}
