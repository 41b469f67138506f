package dev.backline.desk.demo;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the stories ask of a running suite, as anybody could.
 *
 * @param tokenCommand prints such a token
 */
record Api(Addresses addresses, String token, String tokenCommand, Http http) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CLICKERS = 8;

  String campaigns() {
    return addresses.web() + "/api/campaigns";
  }

  String links() {
    return addresses.web() + "/api/links";
  }

  /** One of the sample pictures. */
  static final String IMAGE = "spring/cover.jpg";

  /** A person's phone. */
  static final Map<String, String> PERSON =
      Map.of(
          "User-Agent",
          "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
          "Referer",
          "https://m.search.naver.com/search.naver?query=backline");

  /** What fetches a page to draw a card of it in a chat. */
  static final Map<String, String> KAKAOTALK =
      Map.of(
          "User-Agent",
          "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984");

  static String campaign(String slug, String title) {
    var campaign = new LinkedHashMap<String, Object>();
    campaign.put("slug", slug);
    campaign.putAll(details(title));
    return JSON.writeValueAsString(campaign);
  }

  private static Map<String, Object> details(String title) {
    var campaign = new LinkedHashMap<String, Object>();
    campaign.put("title", title);
    campaign.put("description", "Three nights at the river");
    campaign.put("artist", "The Backliners");
    campaign.put("city", "서울");
    campaign.put("imageKey", IMAGE);
    campaign.put("opensAt", "2027-03-01T10:00:00Z");
    campaign.put("closesAt", "2027-05-31T14:59:59Z");
    return campaign;
  }

  JsonNode createCampaign(String body) throws IOException, InterruptedException {
    return http.post(campaigns(), json(), body).expect(201, "POST " + campaigns()).json();
  }

  String campaignUrl(String slug) {
    return campaigns() + "/" + encoded(slug);
  }

  String publishUrl(String slug) {
    return campaignUrl(slug) + "/publish";
  }

  /** The page that people and link previews see. */
  String pageUrl(String slug) {
    return addresses.web() + "/campaigns/" + encoded(slug);
  }

  private static String encoded(String slug) {
    return URLEncoder.encode(slug, StandardCharsets.UTF_8);
  }

  static String retitled(String title) {
    return JSON.writeValueAsString(details(title));
  }

  void retitle(String slug, String body, String version) throws IOException, InterruptedException {
    var headers = json();
    headers.put("If-Match", "\"" + version + "\"");
    http.put(campaignUrl(slug), headers, body).expect(200, "PUT " + campaignUrl(slug));
  }

  JsonNode publish(String slug) throws IOException, InterruptedException {
    JsonNode published =
        http.post(publishUrl(slug), json(), "").expect(200, "POST " + publishUrl(slug)).json();
    Unexpected.unless(
        text(published, "status").equals("published"),
        "expected the status published, but got %s".formatted(published));
    return published;
  }

  static String link(String target) {
    return JSON.writeValueAsString(Map.of("targetUrl", target));
  }

  static String link(String target, String campaign) {
    return JSON.writeValueAsString(
        new TreeMap<>(Map.of("targetUrl", target, "campaign", campaign)));
  }

  /** Creates a link, or finds the one that was created with this key. */
  String createLink(String body, String idempotencyKey) throws IOException, InterruptedException {
    var headers = json();
    headers.put("Idempotency-Key", idempotencyKey);
    return text(http.post(links(), headers, body).expect(201, "POST " + links()).json(), "code");
  }

  /** The short URL as people get it: at the edge. */
  String shortUrl(String code) {
    return addresses.shortLinks() + "/" + code;
  }

  String redirectorUrl(String code) {
    return addresses.redirector() + "/" + code;
  }

  void click(String url, String target) throws IOException, InterruptedException {
    var answer = http.look(url, PERSON);
    String location = answer.headers().firstValue("Location").orElse("nowhere");
    Unexpected.unless(
        answer.statusCode() == 302 && location.equals(target),
        "expected 302 to %s, but got %d to %s".formatted(target, answer.statusCode(), location));
  }

  /**
   * Clicks many times from some threads at once.
   *
   * @param urls are taken in turns
   * @param left the clicks to do; counts down, and can be watched
   */
  void click(List<String> urls, String target, AtomicInteger left) throws InterruptedException {
    var clickers = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLICKERS; i++) {
        clickers.add(
            threads.submit(
                () -> {
                  for (int one = left.getAndDecrement(); one > 0; one = left.getAndDecrement()) {
                    click(urls.get(one % urls.size()), target);
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
  }

  String statisticsUrl(String code, String by) {
    return links() + "/" + code + "/stats?by=" + by;
  }

  JsonNode statistics(String code, String by) throws IOException, InterruptedException {
    String url = statisticsUrl(code, by);
    return http.get(url, authorized()).expect(200, "GET " + url).json();
  }

  long clicks(String code) throws IOException, InterruptedException {
    return statistics(code, "kind").path("total").path("clicks").asLong(0);
  }

  /** The item of the preview read model; empty when there is none. */
  JsonNode preview(String slug) throws IOException, InterruptedException {
    return aws(
            "dynamodb",
            "DynamoDB_20120810.GetItem",
            Map.of(
                "TableName",
                "campaign-previews",
                "ConsistentRead",
                true,
                "Key",
                Map.of("slug", Map.of("S", slug))))
        .path("Item");
  }

  /** Waits for the preview of a published campaign. */
  JsonNode awaitPreview(String slug, Duration atMost) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    JsonNode item = preview(slug);
    while (text(item.path("status"), "S").isEmpty()) {
      Unexpected.unless(
          System.nanoTime() - begin < atMost.toNanos(),
          "expected a preview of %s within %s".formatted(slug, Teller.seconds(atMost)));
      pause();
      item = preview(slug);
    }
    Unexpected.unless(
        text(item.path("status"), "S").equals("published"),
        "expected a published preview, but got %s".formatted(item));
    return item;
  }

  /** Messages of a queue, those in a consumer's hands included. */
  long messages(String queue) throws IOException, InterruptedException {
    String url = text(aws("sqs", "AmazonSQS.GetQueueUrl", Map.of("QueueName", queue)), "QueueUrl");
    var names = List.of("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible");
    JsonNode attributes =
        aws("sqs", "AmazonSQS.GetQueueAttributes", Map.of("QueueUrl", url, "AttributeNames", names))
            .path("Attributes");
    return names.stream().mapToLong(name -> attributes.path(name).asLong(0)).sum();
  }

  private JsonNode aws(String service, String target, Map<String, Object> request)
      throws IOException, InterruptedException {
    // The emulator reads the signature's form, not its value.
    var headers =
        Map.of(
            "X-Amz-Target",
            target,
            "Content-Type",
            "application/x-amz-json-1.0",
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20270101/ap-northeast-2/%s/aws4_request, SignedHeaders=host, Signature=0"
                .formatted(service));
    return http.post(addresses.cloud() + "/", headers, JSON.writeValueAsString(request))
        .expect(200, target)
        .json();
  }

  Map<String, String> authorized() {
    return new TreeMap<>(Map.of("Authorization", "Bearer " + token));
  }

  Map<String, String> json() {
    var headers = authorized();
    headers.put("Content-Type", "application/json");
    return headers;
  }

  static String text(JsonNode node, String member) {
    return node.path(member).asString("");
  }

  static void pause() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(200));
  }
}
