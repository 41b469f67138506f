package dev.backline.beapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import dev.backline.localcloud.junit.OutageProxy;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

/** Every server behind the service can be cut off, and nothing is lost or answered with 500. */
@LocalCloud
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "backline.campaigns.resend-interval=500ms",
      "backline.link-import.lines-in-flight=2",
      "backline.link-import.max-failures-in-a-row=2",
      "backline.dynamodb.retry.max-attempts=2",
      "spring.datasource.hikari.connection-timeout=3000",
      "spring.datasource.hikari.validation-timeout=2000"
    })
@ContextConfiguration(initializers = OutageTest.Proxies.class)
@DirtiesContext
@SuppressWarnings("NullAway.Init") // the proxies are made by the initializer of the context
class OutageTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static OutageProxy aws;
  private static OutageProxy redis;
  private static OutageProxy postgres;
  private static OutageProxy keys;
  private static final TestIssuer issuer = TestIssuer.start();

  @LocalServerPort private int port;

  /** Puts a proxy before each server that the cloud's properties name. */
  static class Proxies implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      var environment = context.getEnvironment();
      var endpoint = URI.create(environment.getRequiredProperty("spring.cloud.aws.endpoint"));
      var jdbc =
          URI.create(
              environment.getRequiredProperty("spring.datasource.url").substring("jdbc:".length()));
      aws = OutageProxy.to(endpoint);
      redis =
          OutageProxy.to(
              environment.getRequiredProperty("spring.data.redis.host"),
              environment.getRequiredProperty("spring.data.redis.port", Integer.class));
      postgres = OutageProxy.to(jdbc.getHost(), jdbc.getPort());
      keys = OutageProxy.to("127.0.0.1", issuer.port());
      TestPropertySourceUtils.addInlinedPropertiesToEnvironment(
          context,
          "spring.cloud.aws.endpoint=" + aws.instead(endpoint),
          "spring.data.redis.host=127.0.0.1",
          "spring.data.redis.port=" + redis.port(),
          "spring.datasource.url=jdbc:postgresql://127.0.0.1:" + postgres.port() + jdbc.getPath(),
          "spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer.uri(),
          "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://127.0.0.1:"
              + keys.port()
              + "/keys");
    }
  }

  @AfterEach
  void everythingIsBack() {
    aws.restore();
    redis.restore();
    postgres.restore();
    keys.restore();
    await().atMost(PATIENCE).until(() -> anonymous().get("/readyz").status() == 200);
  }

  @AfterAll
  static void close() {
    aws.close();
    redis.close();
    postgres.close();
    keys.close();
    issuer.stop();
  }

  @Test
  void aChangeThatCannotBeSentIsSentWhenTheTopicIsBack(Cloud cloud, @Autowired JdbcClient jdbc) {
    aws.cut();
    caller().post("/api/campaigns", Map.of("slug", "outage", "title", "Told late")).is(201);
    caller().post("/api/campaigns/outage/publish", "").is(200);
    await().atMost(PATIENCE).until(() -> outbox(jdbc, "FAILED") == 2);

    aws.restore();

    await().atMost(PATIENCE).until(() -> outbox(jdbc, "%") == 0);
    assertThat(
            cloud
                .sqs()
                .receiveMessage(
                    r ->
                        r.queueUrl(cloud.queueUrl("campaign-changes"))
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(5))
                .messages())
        .extracting(message -> message.body())
        .anySatisfy(body -> assertThat(body).contains("outage"));
  }

  @Test
  void withoutDynamoDbLinksAreUnavailableAndAnImportStops() {
    caller().get("/api/links").is(200);
    aws.cut();

    var answer =
        caller()
            .post("/api/links", Map.of("targetUrl", "https://example.com"))
            .isProblem(503, "unavailable");
    assertThat(answer.header("Retry-After")).isNotNull();
    caller().get("/api/links/abcdefg").isProblem(503, "unavailable");
    caller().get("/api/links/export").isProblem(503, "unavailable");
    caller().get("/api/links/abcdefg/stats").isProblem(503, "unavailable");
    assertThat(anonymous().get("/readyz").status()).isEqualTo(503);
    anonymous().get("/livez").is(200);

    var lines = upload().lines();
    assertThat(lines.getFirst().path("error").path("type").asString()).endsWith("/unavailable");
    assertThat(lines.getLast().path("complete").asBoolean()).isFalse();
    assertThat(lines.getLast().path("total").asInt()).isLessThan(50);

    aws.restore();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(upload().lines().getLast().path("complete").asBoolean()).isTrue());
    assertThat(caller().get("/api/links?limit=100").json().path("items")).hasSize(50);
  }

  @Test
  void withoutRedisLinksAreWrittenAllTheSame() {
    redis.cut();

    caller()
        .post("/api/links", Map.of("targetUrl", "https://example.com", "code", "no-redis"))
        .is(201);
    caller().patch("/api/links/no-redis", Map.of("disabled", true)).is(200);
    caller().delete("/api/links/no-redis").is(204);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(anonymous().get("/readyz").is(200).body()).contains("DEGRADED"));
  }

  @Test
  void withoutPostgresCampaignsAreUnavailable() {
    caller().post("/api/campaigns", Map.of("slug", "kept", "title", "Kept")).is(201);
    postgres.cut();

    assertThat(
            caller().get("/api/campaigns/kept").isProblem(503, "unavailable").header("Retry-After"))
        .isNotNull();
    caller()
        .post("/api/campaigns", Map.of("slug", "lost", "title", "Not stored"))
        .isProblem(503, "unavailable");
    caller().get("/api/links").is(200);

    postgres.restore();
    await().atMost(PATIENCE).until(() -> caller().get("/api/campaigns/kept").status() == 200);
    caller().get("/api/campaigns/lost").is(404);
  }

  @Test
  void withoutTheKeyServerAnUnknownKeyIsNoVerdict() {
    caller().get("/api/links").is(200);
    keys.cut();

    caller().get("/api/links").is(200);
    var answer =
        new ApiClient(port, issuer.tokenWithUnknownKey())
            .get("/api/links")
            .isProblem(503, "unavailable");
    assertThat(answer.header("Retry-After")).isNotNull();

    keys.restore();
    new ApiClient(port, issuer.tokenWithUnknownKey())
        .get("/api/links")
        .isProblem(401, "unauthorized");
  }

  private ApiClient.Answer upload() {
    var file = "targetUrl\n" + "https://example.com/\n".repeat(50);
    return caller()
        .post(
            "/api/links/import",
            "text/csv",
            BodyPublishers.ofString(file),
            "Idempotency-Key",
            "outage")
        .is(200);
  }

  private static long outbox(JdbcClient jdbc, String status) {
    return jdbc.sql("SELECT count(*) FROM event_publication WHERE status LIKE :status")
        .param("status", status)
        .query(Long.class)
        .single();
  }

  private ApiClient anonymous() {
    return new ApiClient(port, null);
  }

  private ApiClient caller() {
    return new ApiClient(port, issuer.token("outage", TestIssuer.ALL_SCOPES));
  }
}
