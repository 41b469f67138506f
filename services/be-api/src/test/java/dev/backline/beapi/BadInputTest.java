package dev.backline.beapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest extends BeApiTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "nonsense",
        "{\"targetUrl\":\"https://example.com\"",
        "{\"targetUrl\":\"https://example.com\"}}",
        "{\"targetUrl\":\"a\",\"targetUrl\":\"b\"}",
        "\u0000"
      })
  void whatIsNotJsonIsABadRequest(String body) {
    var answer = caller().post("/api/links", body).is(400);

    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "7", "null"})
  void whatIsNoObjectIsABadRequest(String body) {
    caller().post("/api/links", body).is(400);
    caller().post("/api/campaigns", body).is(400);
  }

  @ParameterizedTest
  @CsvSource({
    "targetUrl,7",
    "targetUrl,true",
    "targetUrl,[]",
    "targetUrl,{}",
    "code,12345",
    "expiresAt,1900000000",
    "expiresAt,'\"tomorrow\"'",
  })
  void aFieldOfAWrongTypeIsNamed(String field, String value) {
    var target = field.equals("targetUrl") ? "" : "\"targetUrl\":\"https://example.com\",";

    caller().post("/api/links", "{" + target + "\"" + field + "\":" + value + "}").refuses(field);
  }

  @Test
  void anUnknownFieldIsNamed() {
    caller().post("/api/links", Map.of("colour", "red")).doesNotKnow("colour");
    caller().post("/api/campaigns", Map.of("status", "published")).doesNotKnow("status");
  }

  @Test
  void aHugeBodyIsTooLarge() {
    var huge = Map.of("targetUrl", "https://example.com/" + "a".repeat(10 * 1024 * 1024));

    caller().post("/api/links", huge).isProblem(413, "body-too-large");
    anonymous().post("/api/links", huge).is(413);
  }

  @Test
  void anUnknownMethodIsNotBlamedOnTheAddress() {
    var answer = caller().send("FOO", "/api/links", BodyPublishers.noBody());

    assertThat(answer.isProblem(400, "bad-request").json().path("detail").asString())
        .contains("method");
  }

  @Test
  void otherMethodsAndTypesAreRefused() {
    var caller = caller();

    caller.put("/api/links", "{}").isProblem(405, "method-not-allowed");
    caller
        .post("/api/links", "text/plain", BodyPublishers.ofString("x"))
        .isProblem(415, "unsupported-media-type");
    caller.get("/api/links", "Accept", "image/png").is(406);
  }
}
