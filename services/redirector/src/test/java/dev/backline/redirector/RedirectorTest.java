package dev.backline.redirector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import dev.backline.redirector.link.Link;
import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.link.SharedLinks;
import dev.backline.redirector.link.SharedLinks.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.data.redis.core.StringRedisTemplate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@LocalCloud
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedirectorTest {

  private static final JsonNode TABLE = table();

  private RunningRedirector redirector;

  @BeforeAll
  void start(Cloud cloud) {
    redirector = new RunningRedirector(cloud);
    TABLE.get("links").forEach(link -> redirector.put(item(link)));
  }

  @AfterEach
  void heal() {
    redirector.redis.restore();
    redirector.dynamoDb.restore();
    redirector.sqs.restore();
    // Reconnecting, and the pause after a failure, take a moment.
    SharedLinks shared = redirector.context.getBean(SharedLinks.class);
    await().until(() -> shared.find(new LinkCode("healed")) != Answer.Without.FAILED);
  }

  @AfterAll
  void stop() {
    redirector.close();
  }

  private static JsonNode table() {
    try (InputStream file =
        Objects.requireNonNull(RedirectorTest.class.getResourceAsStream("/redirect-cases.json"))) {
      return JsonMapper.shared().readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, AttributeValue> item(JsonNode link) {
    Map<String, AttributeValue> item = new HashMap<>();
    link.forEachEntry(
        (name, value) ->
            item.put(
                name,
                value.isBoolean()
                    ? AttributeValue.fromBool(value.booleanValue())
                    : AttributeValue.fromS(value.stringValue())));
    return item;
  }

  static Stream<Arguments> cases() {
    return TABLE.get("cases").valueStream().map(c -> Arguments.of(c.get("name").stringValue(), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theTableOfCasesHolds(String name, JsonNode expected) throws Exception {
    double before = redirector.metric("redirector.clicks.buffered");
    Map<String, String> request = new HashMap<>();
    expected
        .path("request")
        .forEachEntry((header, value) -> request.put(header, value.stringValue()));
    String path = expected.get("path").stringValue();
    int repeat = expected.path("repeat").asInt(1);

    RawHttp.Response response =
        RawHttp.send(
            redirector.port(),
            expected.path("method").asString("GET"),
            "/" + path.substring(1).repeat(repeat),
            request);

    assertThat(response.status()).isEqualTo(expected.get("status").intValue());
    expected
        .path("headers")
        .forEachEntry(
            (header, value) ->
                assertThat(response.headers().get(header))
                    .as(header)
                    .isEqualTo(value.isNull() ? null : value.stringValue()));
    assertThat(redirector.metric("redirector.clicks.buffered") - before)
        .isEqualTo(expected.path("counted").asBoolean(false) ? 1 : 0);
    assertThat(response.body()).doesNotContain("Exception", "Tomcat", "<script");
  }

  @Test
  void aPageSpeaksTheLanguageOfItsReaderAndRunsNothing() throws Exception {
    HttpResponse<String> korean = redirector.get("/nowhere", "Accept-Language", "ko-KR,ko;q=0.9");
    HttpResponse<String> english = redirector.get("/nowhere", "Accept-Language", "en-US");

    assertThat(korean.body()).contains("<html lang=\"ko\">", "링크를 찾을 수 없어요");
    assertThat(english.body()).contains("<html lang=\"en\">", "Link not found");
    assertThat(english.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .doesNotContain("unsafe");
  }

  @Test
  void aProblemTellsItsTypeAndNothingOfTheInside() throws Exception {
    JsonNode problem =
        JsonMapper.shared()
            .readTree(redirector.get("/nowhere", "Accept", "application/json").body());

    assertThat(problem.get("type").stringValue())
        .isEqualTo("https://backline.dev/problems/link-not-found");
    assertThat(problem.get("status").intValue()).isEqualTo(404);
  }

  @Test
  void healthIsOnTheMainPort() throws Exception {
    assertThat(redirector.get("/livez").statusCode()).isEqualTo(200);
    await()
        .untilAsserted(
            () -> assertThat(redirector.get("/readyz").body()).isEqualTo("{\"status\":\"UP\"}"));
  }

  @Test
  void aClickArrivesInTheQueueWithNothingPersonalAndItsTrace() throws Exception {
    redirector.put("traced", "https://example.com/traced");
    // A message carries the trace of its first click, so this one shall have a message of its own.
    await()
        .until(
            () ->
                redirector.metric("redirector.clicks.sent")
                    == redirector.metric("redirector.clicks.buffered"));
    Instant before = Instant.now().minusSeconds(1);

    redirector.get(
        "/traced",
        "Referer",
        "https://blog.naver.com/someone/private?q=secret",
        "CloudFront-Viewer-Country",
        "KR",
        "X-Forwarded-For",
        "203.0.113.9",
        "X-Amzn-Trace-Id",
        "Root=1-67891233-abcdef012345678912345678;Sampled=1");

    await().until(() -> redirector.clicksOf("traced").size() == 1);
    JsonNode click = redirector.clicksOf("traced").getFirst();
    assertThat(click.propertyNames())
        .containsExactlyInAnyOrder("at", "code", "country", "device", "referrer", "kind");
    assertThat(click.get("country").stringValue()).isEqualTo("KR");
    assertThat(click.get("device").stringValue()).isEqualTo("mobile");
    assertThat(click.get("referrer").stringValue()).isEqualTo("blog.naver.com");
    assertThat(click.get("kind").stringValue()).isEqualTo("person");
    assertThat(click.get("at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(Instant.parse(click.get("at").stringValue())).isBetween(before, Instant.now());
    assertThat(redirector.messages)
        .anySatisfy(
            message -> {
              assertThat(message.body())
                  .contains("\"type\":\"clicks.v1\"", "\"code\":\"traced\"")
                  .doesNotContain("203.0.113.9", "secret", "Mozilla");
              assertThat(message.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER))
                  .startsWith("Root=1-67891233-abcdef012345678912345678;Parent=")
                  .endsWith("Sampled=1");
            });
  }

  @Test
  void everyFollowedLinkIsCountedOnce() throws Exception {
    redirector.put("many", "https://example.com/many");

    for (int i = 0; i < 1_000; i++) {
      assertThat(redirector.get("/many").statusCode()).isEqualTo(302);
    }

    await().until(() -> redirector.clicksOf("many").size() >= 1_000);
    assertThat(redirector.clicksOf("many")).hasSize(1_000);
  }

  @Test
  void aChangedLinkIsFollowedToItsNewTargetAtOnce() throws Exception {
    redirector.put("moved", "https://example.com/old");
    assertThat(redirector.locationOf("/moved")).isEqualTo("https://example.com/old");
    redirector.put("moved", "https://example.com/new");

    await()
        .untilAsserted(
            () -> {
              redirector.tellChanged("moved");
              assertThat(redirector.locationOf("/moved")).isEqualTo("https://example.com/new");
            });
  }

  @Test
  void aLinkThatExpiresWhileItIsRememberedIsGone() throws Exception {
    Instant end = Instant.now().plusSeconds(3);
    redirector.put(
        Map.of(
            "code", AttributeValue.fromS("ending"),
            "targetUrl", AttributeValue.fromS("https://example.com/ending"),
            "expiresAt", AttributeValue.fromS(end.toString())));
    redirector.get("/ending");

    await().until(() -> redirector.get("/ending").statusCode() == 410);
    assertThat(Instant.now()).isAfter(end);
  }

  @Test
  void redisKeepsALinkForFiveMinutesGiveOrTakeATenth() throws Exception {
    redirector.put("shared", "https://example.com/shared");
    StringRedisTemplate redis = redirector.context.getBean(StringRedisTemplate.class);

    await()
        .until(
            () -> {
              redirector.get("/shared");
              return redis.hasKey("redirector:v1:link:shared");
            });
    assertThat(redis.getExpire("redirector:v1:link:shared")).isBetween(240L, 330L);
  }

  @Test
  void redisLearnsNothingOfALinkThatHasJustChanged() {
    SharedLinks shared = redirector.context.getBean(SharedLinks.class);
    LinkCode code = new LinkCode("guarded");
    Link old = new Link(code, "https://example.com/old", Instant.EPOCH, true, false);
    shared.remember(old);
    assertThat(shared.find(code)).isEqualTo(new Answer.Found(old));

    shared.guard(code);
    shared.remember(old);
    shared.rememberUnknown(code);

    assertThat(shared.find(code)).isEqualTo(Answer.Without.GUARDED);
  }

  @Test
  void aForeignRedisValueIsLeftAlone() throws Exception {
    redirector.put("foreign", "https://example.com/foreign");
    redirector
        .context
        .getBean(StringRedisTemplate.class)
        .opsForValue()
        .set("redirector:v1:link:foreign", "{\"not\":\"ours\"}", Duration.ofMinutes(1));

    assertThat(redirector.locationOf("/foreign")).isEqualTo("https://example.com/foreign");
  }

  @Test
  void withoutRedisRedirectsGoOnAndReadinessIsDegraded() throws Exception {
    redirector.put("lonely", "https://example.com/lonely");
    redirector.redis.cut();

    assertThat(redirector.locationOf("/lonely")).isEqualTo("https://example.com/lonely");
    await()
        .untilAsserted(
            () -> {
              HttpResponse<String> ready = redirector.get("/readyz");
              assertThat(ready.statusCode()).isEqualTo(200);
              assertThat(ready.body()).isEqualTo("{\"status\":\"DEGRADED\"}");
            });

    redirector.redis.restore();
    redirector.put("lonely", "https://example.com/again");
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              redirector.tellChanged("lonely");
              assertThat(redirector.locationOf("/lonely")).isEqualTo("https://example.com/again");
              assertThat(redirector.get("/readyz").body()).isEqualTo("{\"status\":\"UP\"}");
            });
  }

  @Test
  void withoutDynamoDbRememberedLinksRedirectAndOthersAre503() throws Exception {
    redirector.put("remembered", "https://example.com/remembered");
    redirector.put("forgotten", "https://example.com/forgotten");
    redirector.get("/remembered");
    redirector.dynamoDb.cut();
    redirector.redis.cut();

    HttpResponse<String> other = redirector.get("/forgotten");
    assertThat(other.statusCode()).isEqualTo(503);
    assertThat(other.headers().firstValue("Retry-After")).contains("5");
    assertThat(other.headers().firstValue("Cache-Control")).contains("no-store");
    double stale = redirector.metric("redirector.lookups", "source", "stale");
    await()
        .untilAsserted(
            () -> {
              assertThat(redirector.locationOf("/remembered"))
                  .isEqualTo("https://example.com/remembered");
              assertThat(redirector.metric("redirector.lookups", "source", "stale"))
                  .isGreaterThan(stale);
            });

    redirector.dynamoDb.restore();
    await().until(() -> redirector.get("/forgotten").statusCode() == 302);
  }

  @Test
  void clicksWaitForSqsAndArriveOnceEach() throws Exception {
    redirector.put("patient", "https://example.com/patient");
    redirector.sqs.cut();

    for (int i = 0; i < 500; i++) {
      assertThat(redirector.get("/patient").statusCode()).isEqualTo(302);
    }
    await().until(() -> redirector.metric("redirector.clicks.send.failures") > 0);
    redirector.sqs.restore();

    await().until(() -> redirector.clicksOf("patient").size() >= 500);
    assertThat(redirector.clicksOf("patient")).hasSize(500);
  }

  @Test
  void aQrCodeAndAPreviewAreOfTheShortUrl() throws Exception {
    assertThat(redirector.get("/active1.svg?size=200").body())
        .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\"");
    assertThat(redirector.get("/active1+").body())
        .contains(
            "<strong>example.com</strong>",
            "href=\"https://example.com/concert?city=seoul&amp;x=%20#seats\" rel=\"noopener noreferrer nofollow\"",
            "<img src=\"/active1.svg?size=160\"");
  }

  @Test
  void metricsSayWhereAnswersCameFrom() throws Exception {
    redirector.put("counted", "https://example.com/counted");
    redirector.get("/counted");
    double before = redirector.metric("redirector.lookups", "source", "process");

    await()
        .untilAsserted(
            () -> {
              redirector.get("/counted");
              assertThat(redirector.metric("redirector.lookups", "source", "process"))
                  .isGreaterThan(before);
            });
    assertThat(redirector.metric("redirector.clicks.dropped", "reason", "buffer-full")).isZero();
  }
}
