package dev.backline.beapi.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.beapi.ApiClient;
import dev.backline.beapi.BeApiTest;
import dev.backline.localcloud.junit.Cloud;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class LinkApiTest extends BeApiTest {

  private static final String TARGET = "https://tickets.example.com/봄?seat=a";
  private static final byte[] CHANGED = "backline:links:changed".getBytes(StandardCharsets.UTF_8);

  @Test
  void aLinkIsCreatedAndStoredAsTheRedirectorReadsIt(Cloud cloud) {
    var owner = unique("owner");
    var created =
        caller(owner)
            .post(
                "/api/links",
                Map.of(
                    "targetUrl", TARGET,
                    "expiresAt", "2030-01-01T00:00:00Z",
                    "campaign", "봄-콘서트",
                    "note", "Poster"))
            .is(201);

    var link = created.json();
    var code = link.path("code").asString();
    assertThat(code).matches("[" + LinkCode.ALPHABET + "]{7}");
    assertThat(link.path("shortUrl").asString()).isEqualTo("https://go.example/" + code);
    assertThat(link.path("targetUrl").asString())
        .isEqualTo("https://tickets.example.com/%EB%B4%84?seat=a");
    assertThat(link.path("state").asString()).isEqualTo("active");
    assertThat(created.header("Location")).isEqualTo("/api/links/" + code);
    assertThat(created.etag()).isEqualTo("\"1\"");

    var item = item(cloud, code);
    assertThat(item.get("owner")).isEqualTo(AttributeValue.fromS(owner));
    assertThat(item.get("version")).isEqualTo(AttributeValue.fromN("1"));
    assertThat(item.get("expiresAt")).isEqualTo(AttributeValue.fromS("2030-01-01T00:00:00.000Z"));
    assertThat(item.get("campaign")).isEqualTo(AttributeValue.fromS("봄-콘서트"));
    assertThat(value(item, "createdAt").s())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(value(item, "purgeAt").n())
        .isEqualTo(Long.toString(Instant.parse("2030-04-01T00:00:00Z").getEpochSecond()));
    assertThat(item).doesNotContainKeys("deletedAt", "disabled");
  }

  @Test
  void aChosenCodeMayBeHangulAndIsGivenOutOnce() {
    var caller = caller();
    var code = "봄콘서트" + unique("").substring(1);

    caller.post("/api/links", Map.of("targetUrl", TARGET, "code", code)).is(201);
    caller
        .post("/api/links", Map.of("targetUrl", TARGET, "code", code))
        .isProblem(409, "code-taken");
    caller()
        .post("/api/links", Map.of("targetUrl", TARGET, "code", code))
        .isProblem(409, "code-taken");
    caller.get("/api/links/" + URLEncoder.encode(code, StandardCharsets.UTF_8)).is(200);
  }

  @Test
  void aRepeatedRequestReturnsTheSameLink() {
    var caller = caller();
    var key = unique("key");
    var request = Map.of("targetUrl", TARGET, "note", "x");

    var first = caller.post("/api/links", request, "Idempotency-Key", key).is(201);
    var second = caller.post("/api/links", request, "Idempotency-Key", key).is(201);

    assertThat(second.json()).isEqualTo(first.json());
    assertThat(first.header("Idempotent-Replayed")).isNull();
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(caller.get("/api/links").json().path("items")).hasSize(1);
    caller
        .post("/api/links", Map.of("targetUrl", TARGET), "Idempotency-Key", key)
        .isProblem(422, "idempotency-key-reused");
    var other = caller().post("/api/links", request, "Idempotency-Key", key).is(201);
    assertThat(other.json().path("code")).isNotEqualTo(first.json().path("code"));
  }

  @Test
  void aRepeatedRequestWithACodeReturnsTheSameLink() {
    var caller = caller();
    var request = Map.of("targetUrl", TARGET, "code", unique("chosen"));

    var first = caller.post("/api/links", request, "Idempotency-Key", "k").is(201);

    assertThat(caller.post("/api/links", request, "Idempotency-Key", "k").is(201).json())
        .isEqualTo(first.json());
    caller.post("/api/links", request, "Idempotency-Key", "other").isProblem(409, "code-taken");
    caller
        .post(
            "/api/links",
            Map.of("targetUrl", "https://example.org/", "code", request.get("code")),
            "Idempotency-Key",
            "k")
        .isProblem(422, "idempotency-key-reused");
  }

  @Test
  void concurrentRepetitionsCreateOneLink() throws Exception {
    var caller = caller();
    var codes = new ConcurrentLinkedQueue<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures =
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              codes.add(
                                  caller
                                      .post(
                                          "/api/links",
                                          Map.of("targetUrl", TARGET),
                                          "Idempotency-Key",
                                          "same")
                                      .is(201)
                                      .json()
                                      .path("code")
                                      .asString())))
              .toList();
      for (var future : futures) {
        future.get();
      }
    }
    assertThat(new HashSet<>(codes)).hasSize(1);
  }

  @Test
  void aTakenRandomCodeIsStepped(Cloud cloud) {
    var owner = unique("owner");
    var key = unique("key");
    var taken = LinkCode.derived(owner, key, 1).value();
    caller().post("/api/links", Map.of("targetUrl", TARGET, "code", taken)).is(201);

    var created =
        caller(owner)
            .post("/api/links", Map.of("targetUrl", TARGET), "Idempotency-Key", key)
            .is(201)
            .json();

    assertThat(created.path("code").asString()).isEqualTo(LinkCode.derived(owner, key, 2).value());
    assertThat(
            caller(owner)
                .post("/api/links", Map.of("targetUrl", TARGET), "Idempotency-Key", key)
                .is(201)
                .json())
        .isEqualTo(created);
    assertThat(value(item(cloud, taken), "owner").s()).isNotEqualTo(owner);
  }

  @Test
  void onlyWhatIsSentIsChanged() {
    var caller = caller();
    var path =
        created(
            caller,
            Map.of("targetUrl", TARGET, "note", "Poster", "expiresAt", "2030-01-01T00:00:00Z"));

    var disabled = caller.patch(path, Map.of("disabled", true)).is(200);
    assertThat(disabled.json().path("state").asString()).isEqualTo("disabled");
    assertThat(disabled.json().path("note").asString()).isEqualTo("Poster");
    assertThat(disabled.etag()).isEqualTo("\"2\"");

    var cleared = caller.patch(path, ApiClient.nulled("expiresAt")).is(200).json();
    assertThat(cleared.path("expiresAt").isNull()).isTrue();
    assertThat(cleared.path("disabled").asBoolean()).isTrue();

    var moved =
        caller
            .patch(path, Map.of("targetUrl", "https://example.org", "disabled", false))
            .is(200)
            .json();
    assertThat(moved.path("targetUrl").asString()).isEqualTo("https://example.org/");
    assertThat(moved.path("state").asString()).isEqualTo("active");
    assertThat(caller.get(path).json()).isEqualTo(moved);

    caller.patch(path, Map.of("note", "x"), "If-Match", "\"1\"").isProblem(412, "version-stale");
    caller.patch(path, Map.of("note", "x"), "If-Match", "\"4\"").is(200);
    caller.patch(path, ApiClient.nulled("targetUrl")).isProblem(400, "target-refused");
    caller.patch(path, ApiClient.nulled("disabled")).refuses("disabled");
    caller.patch(path, Map.of("code", "other")).doesNotKnow("code");
    caller.patch(path, Map.of("expiresAt", "2020-01-01T00:00:00Z")).refuses("expiresAt");
    assertThat(caller.get(path).etag()).isEqualTo("\"5\"");
  }

  @Test
  void aDeletedLinkIsGoneAndItsCodeStaysTaken(Cloud cloud) {
    var caller = caller();
    var code = unique("gone");
    var path = created(caller, Map.of("targetUrl", TARGET, "code", code));

    caller.delete(path, "If-Match", "\"9\"").isProblem(412, "version-stale");
    assertThat(caller.delete(path).is(204).body()).isEmpty();

    caller.get(path).isProblem(410, "link-deleted");
    caller.patch(path, Map.of("disabled", true)).isProblem(410, "link-deleted");
    caller.delete(path).isProblem(410, "link-deleted");
    caller
        .post("/api/links", Map.of("targetUrl", TARGET, "code", code))
        .isProblem(409, "code-taken");
    assertThat(caller.get("/api/links").json().path("items")).isEmpty();
    var item = item(cloud, code);
    assertThat(item).containsKeys("deletedAt", "purgeAt");
    assertThat(Long.parseLong(value(item, "purgeAt").n()))
        .isEqualTo(
            Instant.parse(value(item, "deletedAt").s()).plusSeconds(90 * 86_400).getEpochSecond());
  }

  @Test
  void aLinkOfSomebodyElseDoesNotExist() {
    var path = created(caller(), Map.of("targetUrl", TARGET));
    var stranger = caller();

    stranger.get(path).isProblem(404, "link-not-found");
    stranger.patch(path, Map.of("disabled", true)).isProblem(404, "link-not-found");
    stranger.delete(path).isProblem(404, "link-not-found");
    stranger.get(path + "/stats").isProblem(404, "link-not-found");
    stranger.get("/api/links/no.such+code").isProblem(404, "link-not-found");
  }

  @Test
  void pagesShowEveryLinkOnceNewestFirst() {
    var caller = caller();
    var paths = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      paths.add(created(caller, Map.of("targetUrl", TARGET)));
    }
    paths.forEach(path -> caller.get(path).is(200));
    caller.delete(paths.remove(3)).is(204);

    var seen = new ArrayList<String>();
    var cursor = "";
    do {
      var page = caller.get("/api/links?limit=2" + cursor).is(200).json();
      page.path("items").forEach(link -> seen.add("/api/links/" + link.path("code").asString()));
      cursor =
          page.path("nextCursor").isNull() ? "" : "&cursor=" + page.path("nextCursor").asString();
    } while (!cursor.isEmpty());

    assertThat(seen).containsExactlyInAnyOrderElementsOf(paths).doesNotHaveDuplicates();
    caller.get("/api/links?cursor=x").refuses("cursor");
    caller.get("/api/links?limit=101").refuses("limit");
  }

  @Test
  void cachesAreToldOfEveryWrite(@Autowired RedisConnectionFactory redis) {
    var told = new ConcurrentLinkedQueue<String>();
    var caller = caller();
    var code = unique("told");
    try (var connection = redis.getConnection();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(
          () ->
              connection.subscribe(
                  (message, pattern) ->
                      told.add(new String(message.getBody(), StandardCharsets.UTF_8)),
                  CHANGED));
      await()
          .until(
              () -> {
                publish(redis, "subscribed?");
                return told.contains("subscribed?");
              });

      var path = created(caller, Map.of("targetUrl", TARGET, "code", code));
      caller.patch(path, Map.of("disabled", true)).is(200);
      caller.delete(path).is(204);

      await().untilAsserted(() -> assertThat(told.stream().filter(code::equals)).hasSize(3));
      var subscription = connection.getSubscription();
      if (subscription != null) {
        subscription.unsubscribe();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "javascript:alert(1),scheme-not-allowed",
    "//evil.example/x,not-absolute",
    "http:///x,host-missing",
    "https://user@example.com/,user-info",
    "http://127.1,address-not-public",
    "http://[::1],address-not-public",
    "http://2130706433,address-not-public",
    "https://go.example/abc,own-host",
    "https://example.com/\\r\\nX: y,control-character",
    "https://exa\\tmple.com/,control-character",
    "https://example.com/\\ud800,unpaired-surrogate",
    "https:\\\\\\\\example.com,backslash",
    "http://intranet/,host-single-label",
  })
  void aRefusedTargetSaysWhy(String target, String reason) {
    var answer =
        caller()
            .post("/api/links", "{\"targetUrl\":\"" + target + "\"}")
            .isProblem(400, "target-refused");

    assertThat(answer.json().path("reason").asString()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "code,a/b",
    "code,..",
    "code,😀😀😀",
    "code,Actuator",
    "code,ab",
    "campaign,a b",
    "note,a\\u0007b"
  })
  void aFieldThatIsWrongIsNamed(String field, String value) {
    caller()
        .post(
            "/api/links",
            "{\"targetUrl\":\"https://example.com\",\"" + field + "\":\"" + value + "\"}")
        .refuses(field);
  }

  @Test
  void anIdempotencyKeyIsPlainText() {
    caller()
        .post("/api/links", Map.of("targetUrl", TARGET), "Idempotency-Key", "a b")
        .refuses("Idempotency-Key");
    caller()
        .post("/api/links", Map.of("targetUrl", TARGET), "Idempotency-Key", "k".repeat(256))
        .refuses("Idempotency-Key");
  }

  private static void publish(RedisConnectionFactory redis, String message) {
    try (var connection = redis.getConnection()) {
      connection.publish(CHANGED, message.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String created(ApiClient caller, Map<String, ?> request) {
    var answer = caller.post("/api/links", request).is(201);
    return "/api/links/" + answer.json().path("code").asString();
  }

  private static Map<String, AttributeValue> item(Cloud cloud, String code) {
    return cloud
        .dynamoDb()
        .getItem(
            r -> r.tableName(cloud.table("links")).key(Map.of("code", AttributeValue.fromS(code))))
        .item();
  }

  private static AttributeValue value(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name);
  }
}
