package dev.backline.beapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.web.server.LocalManagementPort;

class AccessTest extends BeApiTest {

  static Stream<String> badTokens() {
    var scope = "scope";
    return Stream.of(
        "nonsense",
        "a.b.c",
        ISSUER.forgedToken(),
        ISSUER.token(
            c -> c.claim(scope, TestIssuer.ALL_SCOPES).issuer("https://elsewhere.example")),
        ISSUER.token(c -> c.claim(scope, TestIssuer.ALL_SCOPES).audience("another-service")),
        ISSUER.token(c -> c.claim(scope, TestIssuer.ALL_SCOPES).audience(List.of())),
        ISSUER.token(c -> c.claim(scope, TestIssuer.ALL_SCOPES).subject(null)),
        ISSUER.tokenOfHalfACharacter(),
        ISSUER.token(c -> c.claim(scope, TestIssuer.ALL_SCOPES).expirationTime(null)),
        ISSUER.token(
            c ->
                c.claim(scope, TestIssuer.ALL_SCOPES)
                    .expirationTime(Date.from(Instant.now().minusSeconds(300)))),
        ISSUER.token(
            c ->
                c.claim(scope, TestIssuer.ALL_SCOPES)
                    .notBeforeTime(Date.from(Instant.now().plusSeconds(300)))),
        // {"alg":"none"} and the claims of an administrator
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290Iiwic2NvcGUiOiJsaW5rczp3cml0ZSJ9.");
  }

  @ParameterizedTest
  @MethodSource("badTokens")
  void aTokenThatIsNotGoodIsRefused(String token) {
    var answer = withToken(token).get("/api/links").isProblem(401, "unauthorized");

    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").contains("invalid_token");
    withToken(token).get("/api/campaigns").is(401);
  }

  @Test
  void withoutATokenThereIsAChallenge() {
    var answer =
        anonymous()
            .post("/api/links", Map.of("targetUrl", "https://example.com"))
            .isProblem(401, "unauthorized");

    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/api/campaigns,links:write stats:read,campaigns:write",
    "PUT,/api/campaigns/x,links:write stats:read,campaigns:write",
    "POST,/api/campaigns/x/publish,links:write stats:read,campaigns:write",
    "POST,/api/campaigns/x/close,links:write stats:read,campaigns:write",
    "POST,/api/links,campaigns:write stats:read,links:write",
    "GET,/api/links,campaigns:write stats:read,links:write",
    "GET,/api/links/abcdefg,campaigns:write stats:read,links:write",
    "PATCH,/api/links/abcdefg,campaigns:write stats:read,links:write",
    "DELETE,/api/links/abcdefg,campaigns:write stats:read,links:write",
    "POST,/api/links/import,campaigns:write stats:read,links:write",
    "GET,/api/links/export,campaigns:write stats:read,links:write",
    "GET,/api/links/abcdefg/stats,campaigns:write links:write,stats:read",
  })
  void everyOperationNeedsItsScope(String method, String path, String otherScopes, String scope) {
    anonymous().send(method, path, BodyPublishers.noBody()).isProblem(401, "unauthorized");
    var without = withToken(ISSUER.token("owner", otherScopes));
    var answer = without.send(method, path, BodyPublishers.noBody()).isProblem(403, "forbidden");
    assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope");
    var with = withToken(ISSUER.token("owner", scope));
    assertThat(with.send(method, path, BodyPublishers.noBody()).status()).isNotIn(401, 403);
    var described =
        anonymous()
            .get("/api/openapi")
            .json()
            .path("paths")
            .path(path.replace("abcdefg", "{code}").replaceFirst("/x(/|$)", "/{slug}$1"))
            .path(method.toLowerCase(Locale.ROOT));
    assertThat(described.at("/security/0/bearer/0").asString()).isEqualTo(scope);
    assertThat(described.path("responses").propertyNames()).contains("400", "401", "403", "503");
  }

  @ParameterizedTest
  @CsvSource({
    "/",
    "/api",
    "/api/users",
    "/actuator",
    "/actuator/env",
    "/actuator/health",
    "/error",
    "/v3/api-docs"
  })
  void whatIsNotNamedIsDenied(String path) {
    assertThat(anonymous().get(path).status()).isIn(401, 404);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/campaigns/a;b=c",
    "/api/campaigns/a%2Fb",
    "/api/campaigns/..%2F..%2Fetc",
    "/api/campaigns/a%00",
    "/api//campaigns"
  })
  void aTrickyPathIsABadRequest(String path) {
    anonymous().get(path).isProblem(400, "bad-request");
  }

  @Test
  void probesAreOpen() {
    anonymous().get("/livez").is(200);
    anonymous().get("/readyz").is(200);
  }

  @Test
  void healthAndMetricsAreOnTheManagementPort(@LocalManagementPort int management) {
    var operator = new ApiClient(management, null);

    assertThat(operator.get("/actuator/health").is(200).json().path("components").propertyNames())
        .contains("dynamoDb", "redis", "db");
    assertThat(operator.get("/actuator/drainplan").is(200).body()).contains("http-requests");
    assertThat(operator.get("/actuator/prometheus").is(200).body())
        .contains("links_notices_lost_total");
    assertThat(operator.get("/actuator/env").status()).isIn(401, 404);
  }

  @Test
  void theApiDescribesItself() {
    var api = anonymous().get("/api/openapi").is(200).json();

    assertThat(api.path("paths").propertyNames())
        .contains(
            "/api/campaigns",
            "/api/campaigns/{slug}",
            "/api/campaigns/{slug}/publish",
            "/api/campaigns/{slug}/close",
            "/api/links",
            "/api/links/{code}",
            "/api/links/import",
            "/api/links/export",
            "/api/links/{code}/stats");
    assertThat(api.at("/components/securitySchemes/bearer/scheme").asString()).isEqualTo("bearer");
    assertThat(api.at("/components/schemas/Problem/properties").propertyNames())
        .contains("type", "detail", "errors");
    var patch = api.at("/components/schemas/LinkPatch/properties").propertyNames();
    assertThat(patch).containsExactlyInAnyOrder("targetUrl", "expiresAt", "disabled", "note");
    var create = api.path("paths").path("/api/links").path("post");
    assertThat(create.path("parameters").findValuesAsString("name"))
        .containsExactly("Idempotency-Key");
    assertThat(create.at("/responses/201/content").propertyNames())
        .containsExactly("application/json");
    assertThat(create.path("responses").propertyNames())
        .contains("409", "422")
        .doesNotContain("200");
    assertThat(
            api.path("paths")
                .path("/api/links/import")
                .path("post")
                .path("parameters")
                .findValuesAsString("name"))
        .containsExactly("Idempotency-Key");
    assertThat(create.at("/responses/default/content").propertyNames())
        .containsExactly("application/problem+json");

    var page = anonymous().get("/api/docs");
    var index =
        page.status() == 302 ? anonymous().get(String.valueOf(page.header("Location"))) : page;
    assertThat(index.is(200).body()).contains("swagger-ui");
  }
}
