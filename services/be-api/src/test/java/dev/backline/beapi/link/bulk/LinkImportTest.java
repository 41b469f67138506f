package dev.backline.beapi.link.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.beapi.ApiClient;
import dev.backline.beapi.ApiClient.Answer;
import dev.backline.beapi.BeApiTest;
import dev.backline.beapi.link.IdempotencyKey;
import dev.backline.beapi.link.Links;
import dev.backline.gracefulshutdown.Deadline;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LinkImportTest extends BeApiTest {

  private static final String CSV = "text/csv";
  private static final String NDJSON = "application/x-ndjson";

  @Autowired private Links links;
  @Autowired private JsonMapper json;
  @Autowired private LinkImportProperties properties;

  @Test
  void realLinksAreImportedOnceAndEveryRefusalSaysWhy() throws IOException {
    var caller = caller();
    var file = repositoryFile("data/links.csv");
    int lines = Files.readAllLines(file).size() - 1;

    var first = upload(caller, CSV, Files.readAllBytes(file), "Idempotency-Key", "real").is(200);

    assertThat(first.header("Content-Type")).startsWith(NDJSON);
    var results = first.lines();
    var summary = results.getLast();
    assertThat(results).hasSize(lines + 1);
    assertThat(results.stream().limit(lines)).extracting(r -> r.path("line").asLong()).isSorted();
    assertThat(summary.path("total").asLong()).isEqualTo(lines);
    assertThat(summary.path("complete").asBoolean()).isTrue();
    assertThat(summary.path("imported").asLong() + summary.path("refused").asLong())
        .isEqualTo(lines);
    assertThat(summary.path("imported").asLong()).isGreaterThan(lines * 8L / 10);
    assertThat(results.stream().filter(r -> r.has("error")))
        .allSatisfy(
            r -> {
              assertThat(r.path("error").path("type").asString())
                  .isEqualTo("https://backline.dev/problems/target-refused");
              assertThat(r.path("error").path("reason").asString()).isNotBlank();
            });

    var second =
        upload(caller, CSV, Files.readAllBytes(file), "Idempotency-Key", "real").is(200).lines();
    assertThat(second.subList(0, second.size() - 1))
        .isEqualTo(results.subList(0, results.size() - 1));
    assertThat(second.getLast().path("imported").asLong()).isZero();
    assertThat(second.getLast().path("repeated").asLong())
        .isEqualTo(summary.path("imported").asLong());
    assertThat(export(caller, "ndjson").lines()).hasSize(summary.path("imported").asInt());
  }

  @Test
  void anUploadGoesOnWhileAStopLeavesTimeForItAndEndsBefore() throws IOException {
    assertThat(importWithLeft(Duration.ofSeconds(25)))
        .isEqualTo(new ImportSummary(3, 0, 0, 3, true));
    assertThat(importWithLeft(Duration.ofSeconds(10)))
        .isEqualTo(new ImportSummary(0, 0, 0, 0, false));
  }

  private ImportSummary importWithLeft(Duration left) throws IOException {
    Deadline deadline = Deadline.after(left);
    byte[] file =
        "{\"targetUrl\":\"https://example.com/\"}\n".repeat(3).getBytes(StandardCharsets.UTF_8);
    return new LinkImport(links, json, properties, () -> Optional.of(deadline))
        .ndjson(new ByteArrayInputStream(file))
        .run(unique("owner"), IdempotencyKey.ofHeader(null), result -> {});
  }

  @Test
  void everyColumnIsReadAndCsvIsExportedAsItIsImported() {
    var caller = caller();
    var code = unique("csv");
    var file =
        "\uFEFFcode,targetUrl,note,expiresAt,campaign\r\n"
            + code
            + ",\"https://example.com/a,b\",\"say \"\"hi\"\"\",2030-01-01T00:00:00Z,봄-콘서트\r\n";

    var results = upload(caller, CSV + ";charset=utf-8", file).is(200).lines();

    assertThat(results.getFirst().path("code").asString()).isEqualTo(code);
    assertThat(results.getFirst().path("shortUrl").asString())
        .isEqualTo("https://go.example/" + code);
    assertThat(export(caller, "csv").body())
        .isEqualTo(
            "targetUrl,code,expiresAt,campaign,note\r\n\"https://example.com/a,b\","
                + code
                + ",2030-01-01T00:00:00Z,봄-콘서트,\"say \"\"hi\"\"\"\r\n");
    caller.get("/api/links/export?format=xml").refuses("format");
  }

  @Test
  void aBadLineIsRefusedAndTheRestGoesOn() {
    var good = "https://example.com/";
    var file =
        String.join(
            "\n",
            "targetUrl,note",
            good + ",1",
            "x".repeat(1024 * 1024) + ",2",
            good + ",\"never closed",
            "",
            "javascript:alert(1),5",
            good,
            good + ",\ud83d\ude00",
            "http://10.0.0.1/,8",
            good + ",last, but one too many",
            good + ",half a file");

    var results = upload(caller(), CSV, file).is(200).lines();

    assertThat(results.stream().filter(r -> r.has("error")))
        .extracting(r -> r.path("line").asInt())
        .containsExactlyInAnyOrder(3, 4, 6, 7, 9, 10);
    assertThat(error(results, 3).path("detail").asString()).contains("more than 16384 bytes");
    assertThat(error(results, 4).path("detail").asString()).contains("quote");
    assertThat(error(results, 6).path("reason").asString()).isEqualTo("scheme-not-allowed");
    assertThat(error(results, 7).path("detail").asString()).contains("1 fields");
    assertThat(error(results, 9).path("reason").asString()).isEqualTo("address-not-public");
    assertThat(results.stream().filter(r -> r.has("code")))
        .extracting(r -> r.path("line").asInt())
        .containsExactly(2, 8, 11);
    assertThat(results.getLast())
        .isEqualTo(
            summary(
                Map.of("imported", 3, "repeated", 0, "refused", 6, "total", 9, "complete", true)));
  }

  @Test
  void jsonLinesAreReadStrictly() {
    var file =
        """
        {"targetUrl":"https://example.com/1","note":"n","expiresAt":"2030-01-01T00:00:00Z"}
        {"targetUrl":"https://example.com/2","colour":"red"}
        {"targetUrl":3}
        not json
        []
        null
        {}
        {"targetUrl":"https://example.com/8"} {}
        {"targetUrl":"https://example.com/9","expiresAt":"soon"}
        {"targetUrl":"https://example.com/10\"""";

    var results = upload(caller(), NDJSON, file).is(200).lines();

    var fields = new HashMap<Integer, String>();
    results.stream()
        .filter(r -> r.has("error"))
        .forEach(
            r ->
                fields.put(
                    r.path("line").asInt(),
                    r.path("error").path("errors").path(0).path("field").asString()));
    assertThat(fields)
        .containsEntry(2, "colour")
        .containsEntry(3, "targetUrl")
        .containsEntry(4, "line")
        .containsEntry(5, "line")
        .containsEntry(6, "line")
        .containsEntry(8, "line")
        .containsEntry(9, "expiresAt")
        .containsEntry(10, "line")
        .containsKey(7)
        .doesNotContainKey(1);
    assertThat(results.getLast().path("imported").asInt()).isEqualTo(1);
  }

  @Test
  void nothingBehindALoneCarriageReturnIsLost() {
    upload(caller(), CSV, "targetUrl\rhttps://example.com/\r").is(400);

    var results =
        upload(caller(), CSV, "targetUrl,note\nhttps://example.com/,a\rhttps://example.com/2,b\n")
            .is(200)
            .lines();

    assertThat(results.getFirst().at("/error/detail").asString()).contains("carriage return");
    assertThat(results.getLast().path("refused").asLong()).isEqualTo(1);
  }

  @Test
  void aRefusedLineReadsAsASentence() {
    var lines = "{\"colour\":1}\n{\"targetUrl\":5}\n" + "x".repeat(20_000) + "\n";
    var results = upload(caller(), NDJSON, lines).is(200).lines();

    assertThat(results.subList(0, 3))
        .extracting(r -> r.at("/error/detail").asString())
        .containsExactly(
            "colour is not known",
            "targetUrl has a wrong type or form",
            "line has more than 16384 bytes");
  }

  @Test
  void aLineThatIsNotUtf8IsRefused() {
    var bytes =
        "targetUrl,note\nhttps://example.com/,한글\nhttps://example.com/,ok\n"
            .getBytes(Charset.forName("EUC-KR"));

    var results = upload(caller(), CSV, bytes).is(200).lines();

    assertThat(results.getFirst().path("error").path("detail").asString()).contains("UTF-8");
    assertThat(results.get(1).has("code")).isTrue();
  }

  @Test
  void aRepeatedUploadWithAnotherLineCreatesOnlyThatLine() {
    var caller = caller();
    var before =
        upload(caller, CSV, "targetUrl\nhttps://a.example/\n", "Idempotency-Key", "grow").lines();
    var after =
        upload(
                caller,
                CSV,
                "targetUrl\nhttps://a.example/\nhttps://b.example/\n",
                "Idempotency-Key",
                "grow")
            .lines();

    assertThat(after.getFirst()).isEqualTo(before.getFirst());
    assertThat(after.getLast().path("imported").asInt()).isEqualTo(1);
    var other =
        upload(caller, CSV, "targetUrl\nhttps://other.example/\n", "Idempotency-Key", "grow")
            .lines();
    assertThat(other.getFirst().path("error").path("type").asString())
        .endsWith("/idempotency-key-reused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "https://example.com/\n",
        "code\nabc\n",
        "targetUrl,colour\n",
        "targetUrl,targetUrl\n",
        "targeturl\n",
        "\"targetUrl\n"
      })
  void aFileWithoutHeaderIsRefusedBeforeAnythingIsWritten(String file) {
    var caller = caller();

    var answer = upload(caller, CSV, file).isProblem(400, "validation-failed");

    assertThat(answer.json().path("detail").asString()).containsAnyOf("header", "line");
    assertThat(caller.get("/api/links").json().path("items")).isEmpty();
  }

  @Test
  void otherFormatsAreNotSupported() {
    var otherCharset = upload(caller(), CSV + ";charset=euc-kr", "targetUrl\n");
    assertThat(
            otherCharset.isProblem(415, "unsupported-media-type").json().path("detail").asString())
        .contains("UTF-8");

    upload(caller(), "application/json", "{}").isProblem(415, "unsupported-media-type");
    upload(caller(), "text/csv;charset=EUC-KR", "targetUrl\n")
        .isProblem(415, "unsupported-media-type");
    upload(caller(), CSV, "targetUrl\n", "Idempotency-Key", " ").is(400);
  }

  private static Answer upload(ApiClient caller, String type, String file, String... headers) {
    return upload(caller, type, file.getBytes(StandardCharsets.UTF_8), headers);
  }

  private static Answer upload(ApiClient caller, String type, byte[] file, String... headers) {
    return caller.post("/api/links/import", type, BodyPublishers.ofByteArray(file), headers);
  }

  private static Answer export(ApiClient caller, String format) {
    return caller.get("/api/links/export?format=" + format).is(200);
  }

  private static JsonNode error(List<JsonNode> results, int line) {
    return results.stream()
        .filter(r -> r.path("line").asInt() == line)
        .findFirst()
        .orElseThrow()
        .path("error");
  }

  private static JsonNode summary(Map<String, Object> members) {
    return new JsonMapper().valueToTree(members);
  }

  private static Path repositoryFile(String name) throws IOException {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new FileNotFoundException(name);
  }
}
