package dev.backline.servicedefaults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.servicedefaults.RunningService.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class WebDefaultsTest {

  private static final String ROOT = "1-5759e988-bd862e3fe1be46a994272793";
  private static final Pattern INTERNALS =
      Pattern.compile(
          "secret|Exception|dev\\.backline\\.service|org\\.spring|tools\\.jackson|\\tat ");

  private static final Locale LOCALE = Locale.getDefault();

  private static RunningService service;

  @BeforeAll
  static void start() {
    // The language of the machine must not show in any answer.
    Locale.setDefault(Locale.KOREA);
    service =
        RunningService.start(
            "--management.server.port=0",
            "--backline.http.max-body=10KB",
            "--backline.http.unlimited-paths=/stream/**",
            "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");
  }

  @AfterAll
  static void stop() {
    Locale.setDefault(LOCALE);
    service.close();
  }

  @Test
  void anUnknownPathIsAProblem() {
    assertProblem(service.get("/nothing/here"), 404, "not-found");
    assertProblem(service.get("/error"), 404, "not-found");
    assertProblem(service.get("/actuator/health"), 404, "not-found");
  }

  @Test
  void aMethodThatIsNotThereNamesThoseThatAre() {
    Answer answer = service.ask("/things", request -> request.DELETE());

    assertProblem(answer, 405, "method-not-allowed");
    assertThat(answer.header("Allow").split(", ?")).contains("GET", "POST");
  }

  @Test
  void aClientThatAcceptsOnlySomethingElseStillGetsAProblem() {
    assertProblem(
        service.ask(
            "/things",
            request ->
                request
                    .header("Accept", "application/xml")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}"))),
        406,
        "not-acceptable");
    assertProblem(
        service.ask("/nothing", request -> request.header("Accept", "text/html")),
        404,
        "not-found");
  }

  @Test
  void aTypeOfBodyThatIsNotTakenIsAProblem() {
    assertProblem(
        service.post("/things", "text/csv", BodyPublishers.ofString("a,b")),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"title\":}",
        "not json",
        "{\"title\":\"a\",\"size\":1} trailing",
        "[1]",
        "{\"title\":\"a\",\"title\":\"b\"}"
      })
  void malformedJsonIsAProblem(String body) {
    assertProblem(service.postJson(body), 400, "malformed-json");
  }

  @Test
  void malformedJsonSaysWhere() {
    assertThat(service.postJson("{\n  \"title\": x\n}").detail()).contains("line 2, column");
  }

  @Test
  void aMissingBodyIsAProblem() {
    assertProblem(service.postJson(""), 400, "missing-body");
  }

  @Test
  void anUnknownFieldIsNamed() {
    Answer answer =
        service.postJson("{\"title\":\"a\",\"parts\":[{\"name\":\"b\",\"colour\":\"red\"}]}");

    assertProblem(answer, 400, "unknown-field");
    assertThat(answer.detail()).contains("parts[0].colour");
    assertThat(answer.errors()).containsExactly("parts[0].colour: is not known");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"title\":5}                       | title: must be a string",
        "{\"title\":true}                    | title: must be a string",
        "{\"title\":{}}                      | title: must be a string",
        "{\"size\":\"5\"}                    | size: must be a whole number",
        "{\"size\":1.5}                      | size: must be a whole number",
        "{\"size\":99999999999}              | size: must be a whole number within its range",
        "{\"size\":null}                     | size: must be a whole number",
        "{\"kind\":\"HUGE\"}                 | kind: must be one of SMALL, LARGE",
        "{\"kind\":1}                        | kind: must be one of SMALL, LARGE",
        "{\"at\":\"tomorrow\"}               | at: must be a date and time such as 2026-11-22T10:00:00Z",
        "{\"parts\":\"x\"}                   | parts: must be an array",
        "{\"parts\":[\"x\"]}                 | parts[0]: must be an object",
      })
  void aFieldOfTheWrongTypeIsNamed(String body, String error) {
    Answer answer = service.postJson(body);

    assertProblem(answer, 400, "validation-failed");
    assertThat(answer.errors()).containsExactly(error);
  }

  @Test
  void everyFieldThatIsNotValidIsListed() {
    Answer answer =
        service.postJson(
            "{\"title\":\" \",\"code\":\"abcd\",\"size\":1,\"parts\":[{\"name\":\"ok\"},{\"name\":\"\"}]}");

    assertThat(answer.json().path("type").asString())
        .isEqualTo("https://backline.dev/problems/validation-failed");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errors())
        .containsExactlyInAnyOrder("title: must not be blank", "code: size must be between 0 and 3")
        .hasSize(2);
  }

  @Test
  void parametersThatAreNotValidAreNamed() {
    assertThat(service.get("/things?limit=0&q=a").errors())
        .containsExactly("limit: must be greater than or equal to 1");
    assertThat(service.get("/things?limit=x&q=a").errors())
        .containsExactly("limit: must be a whole number");
    assertThat(service.get("/things?limit=1").errors()).containsExactly("q: is required");
    assertThat(service.get("/things/abc").errors()).containsExactly("id: must be a whole number");
    assertThat(service.get("/things?limit=1&q=a").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "%ed%a0%80", "%zz", "%"})
  void aQueryThatIsNotUtf8IsTheClientsError(String value) throws IOException {
    String answer = service.raw("GET /things?limit=1&q=" + value + " HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("malformed-parameters");
  }

  @Test
  void aWildcardIsNoTypeOfABody() {
    assertProblem(
        service.post("/things", "application/*", BodyPublishers.ofString("{}")),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZZ\r\n", "-1\r\n{}\r\n", "2\r\n{}??"})
  void aBodyInBrokenChunksIsTheClientsError(String chunks, CapturedOutput output)
      throws IOException {
    String answer =
        service.raw(
            "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunks);

    assertThat(answer).startsWith("HTTP/1.1 400").contains("unreadable-body");
    assertThat(output.getOut()).doesNotContain("\"ERROR\"");
  }

  @Test
  void aBodyThatEndsEarlyIsTheClientsError(CapturedOutput output) throws IOException {
    String answer =
        service.raw(
            "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 50\r\n\r\n{");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("unreadable-body");
    assertThat(output.getOut()).doesNotContain("\"ERROR\"");
  }

  @Test
  void aClientMaySpeakManyLanguages() {
    String languages = "ko,en,ja,zh,fr,de,es,it,pt,nl,sv,da";

    assertThat(
            service
                .ask("/thread", request -> request.header("Accept-Language", languages))
                .status())
        .isEqualTo(200);
  }

  @Test
  void whatIsNotThereIsNoNewsForTheLog(CapturedOutput output) {
    service.get("/nothing/of-this-name");

    assertThat(output.getOut()).doesNotContain("of-this-name");
  }

  @Test
  void aProblemOfTheServiceArrivesAsItIs() {
    Answer answer = service.get("/things/7");

    assertProblem(answer, 404, "thing-not-found");
    assertThat(answer.detail()).isEqualTo("There is no thing 7.");
    assertThat(answer.json().path("id").asInt()).isEqualTo(7);
    assertThat(answer.json().path("title").asString()).isEqualTo("Not Found");
  }

  @Test
  void aHandlerOfTheServiceComesFirst() {
    assertProblem(service.get("/fail/own"), 409, "own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fail/bug", "/fail/table", "/error-of-the-jvm", "/filter/throws"})
  void anErrorOfOursTellsTheTraceIdAndNothingElse(String path, CapturedOutput output) {
    Answer answer = service.ask(path, request -> request.header("X-Amzn-Trace-Id", "Root=" + ROOT));

    assertProblem(answer, 500, "internal-error");
    assertThat(answer.json().path("traceId").asString()).isEqualTo(ROOT);
    assertThat(output.getOut().lines().filter(line -> line.contains("\"ERROR\"")))
        .anyMatch(line -> line.contains(ROOT));
  }

  @Test
  void aReasonOfAServerErrorStaysInside() {
    assertProblem(service.get("/fail/status"), 502, "bad-gateway");
  }

  @Test
  void anErrorThatAFilterSendsIsAProblem() {
    assertProblem(service.get("/filter/forbids"), 403, "forbidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"network", "throttle", "redis", "wrapped"})
  void aDependencyThatIsAwayAsksTheClientToComeBack(String what) {
    Answer answer = service.get("/fail/" + what);

    assertProblem(answer, 503, "unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("2");
  }

  @Test
  void aBodyOverTheLimitIsRefusedAlsoWhenItComesInChunks() {
    for (String path : List.of("/things", "/lines")) {
      for (int size : List.of(10 * 1024 + 1, 10 * 1024 * 1024)) {
        byte[] json = ("{\"title\":\"" + "x".repeat(size) + "\"}").getBytes(UTF_8);
        Answer announced = service.post(path, "application/json", BodyPublishers.ofByteArray(json));
        Answer chunked =
            service.post(
                path,
                "application/json",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(json)));

        assertProblem(announced, 413, "body-too-large");
        assertProblem(chunked, 413, "body-too-large");
        assertThat(chunked.json().path("maxBytes").asInt()).isEqualTo(10 * 1024);
      }
    }
  }

  @Test
  void aBodyWithinTheLimitAndOneOnAStreamingPathArriveWhole() {
    assertThat(
            service
                .post("/lines", "text/plain", BodyPublishers.ofByteArray(new byte[10 * 1024]))
                .body())
        .isEqualTo("10240");
    assertThat(
            service
                .post(
                    "/stream/lines",
                    "text/plain",
                    BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(new byte[3_000_000])))
                .body())
        .isEqualTo("3000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a|b HTTP/1.1\r\nHost: a\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void whatIsNotHttpIsAnsweredWithoutAPageOfTheServer(String request) throws IOException {
    String answer = service.raw(request);

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .doesNotContainIgnoringCase("<html")
        .doesNotContain("Tomcat");
  }

  @Test
  void headersOverTheLimitAreRefused() throws IOException {
    String answer =
        service.raw(
            "GET /thread HTTP/1.1\r\nHost: a\r\nCookie: " + "x".repeat(20_000) + "\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 4")
        .doesNotContainIgnoringCase("<html")
        .doesNotContain("Tomcat");
  }

  @Test
  void aConnectionStaysOpenLongerThanTheBalancerKeepsIt() throws IOException {
    String request = "GET /thread HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";

    assertThat(service.raw(request)).contains("Keep-Alive: timeout=65");
  }

  @Test
  void requestsRunOnVirtualThreads() {
    assertThat(service.get("/thread").body()).isEqualTo("true");
  }

  @Test
  void everyLogLineIsOneJsonObjectWithTheTraceId(CapturedOutput output) {
    service.ask("/thread", request -> request.header("X-Amzn-Trace-Id", "Root=" + ROOT));

    List<String> lines =
        output.getOut().lines().filter(line -> line.contains("asked for the thread")).toList();
    assertThat(lines).hasSize(1);
    var json = JsonMapper.shared().readTree(lines.getFirst());
    assertThat(json.path("traceId").asString()).isEqualTo(ROOT);
    assertThat(json.path("level").asString()).isEqualTo("INFO");
    assertThat(json.path("service").asString()).isEqualTo("things");
    assertThat(json.has("@timestamp")).isTrue();
    assertThat(output.getOut().lines())
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
  }

  @Test
  void probesAnswerOnTheMainPortWithNothingButAStatus() {
    assertThat(service.get("/livez").body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(service.get("/readyz").json().properties()).hasSize(1);
  }

  @Test
  void theManagementPortHasHealthInfoAndMetricsOnly() {
    service.get("/thread");

    assertThat(service.getManagement("/actuator/health/liveness").status()).isEqualTo(200);
    assertThat(service.getManagement("/actuator/info").status()).isEqualTo(200);
    assertThat(service.getManagement("/actuator/env").status()).isEqualTo(404);
    // A request is counted after its answer has left.
    await()
        .untilAsserted(
            () ->
                assertThat(service.getManagement("/actuator/prometheus").body())
                    .contains("http_server_requests_seconds_bucket")
                    .contains("service=\"things\""));
  }

  private static void assertProblem(Answer answer, int status, String slug) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.isProblem()).as(answer.header("Content-Type")).isTrue();
    assertThat(answer.slug()).as(answer.body()).isEqualTo(slug);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.body()).doesNotContainPattern(INTERNALS);
  }
}
