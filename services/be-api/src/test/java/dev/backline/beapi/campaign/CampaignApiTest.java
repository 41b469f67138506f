package dev.backline.beapi.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.beapi.ApiClient;
import dev.backline.beapi.BeApiApplication;
import dev.backline.beapi.BeApiTest;
import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.Differs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CampaignApiTest extends BeApiTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void aCampaignIsDraftedPublishedAndClosed() {
    var editor = caller();
    var slug = unique("tour");

    var draft = editor.post("/api/campaigns", campaign(slug, "서울")).is(201);
    assertThat(draft.header("Location")).isEqualTo("/api/campaigns/" + slug);
    assertThat(draft.etag()).isEqualTo("\"1\"");
    assertThat(draft.json().path("status").asString()).isEqualTo("draft");
    assertThat(draft.json().path("opensAt").asString()).isEqualTo("2026-12-01T10:00:00Z");
    assertThat(editor.get("/api/campaigns/" + slug).is(200).json()).isEqualTo(draft.json());

    var published = editor.post("/api/campaigns/" + slug + "/publish", "").is(200);
    assertThat(published.json().path("status").asString()).isEqualTo("published");
    assertThat(published.etag()).isEqualTo("\"2\"");
    assertThat(anonymous().get("/api/campaigns/" + slug).is(200).json())
        .isEqualTo(published.json());

    var closed = editor.post("/api/campaigns/" + slug + "/close", "").is(200);
    assertThat(closed.json().path("status").asString()).isEqualTo("closed");
    assertThat(anonymous().get("/api/campaigns/" + slug).is(200).etag()).isEqualTo("\"3\"");
  }

  @Test
  void stateChangesCanBeRepeatedButNotReversed() {
    var editor = caller();
    var path = "/api/campaigns/" + created(editor, "서울");

    editor.post(path + "/close", "").isProblem(409, "campaign-not-published");
    var first = editor.post(path + "/publish", "").is(200);
    assertThat(editor.post(path + "/publish", "").is(200).json()).isEqualTo(first.json());
    var closed = editor.post(path + "/close", "").is(200);
    assertThat(editor.post(path + "/close", "").is(200).json()).isEqualTo(closed.json());
    editor.post(path + "/publish", "").isProblem(409, "campaign-closed");
    editor
        .put(path, details("Too late"), "If-Match", closed.etag())
        .isProblem(409, "campaign-closed");
  }

  @Test
  void whoSetsNoConditionIsNotRefusedForAChangeAtTheSameTime() throws Exception {
    var editor = caller();
    var slug = unique("twice");
    editor.post("/api/campaigns", campaign(slug, "서울")).is(201);

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var publish =
          Collections.nCopies(
              8,
              (Callable<Integer>)
                  () -> editor.post("/api/campaigns/" + slug + "/publish", "").status());
      for (var answer : callers.invokeAll(publish)) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
    assertThat(editor.get("/api/campaigns/" + slug).etag()).isEqualTo("\"2\"");
  }

  @Test
  void aDraftDoesNotExistForThoseWhoMayNotWrite() {
    var slug = created(caller(), unique("city"));

    anonymous().get("/api/campaigns/" + slug).isProblem(404, "campaign-not-found");
    withToken(ISSUER.token("reader", "links:write")).get("/api/campaigns/" + slug).is(404);
  }

  @Test
  void aTakenSlugIsAConflict() {
    var editor = caller();
    var slug = created(editor, "서울");

    editor.post("/api/campaigns", campaign(slug, "부산")).isProblem(409, "campaign-exists");
    assertThat(editor.get("/api/campaigns/" + slug).json().path("city").asString()).isEqualTo("서울");
  }

  @Test
  void aHangulSlugIsTheSameComposedAndDecomposed() {
    var editor = caller();
    var slug = "봄-콘서트-" + unique("x");
    var decomposed = Normalizer.normalize(slug, Normalizer.Form.NFD);
    assertThat(decomposed).isNotEqualTo(slug);

    var created = editor.post("/api/campaigns", campaign(decomposed, "서울")).is(201);

    assertThat(created.json().path("slug").asString()).isEqualTo(slug);
    assertThat(created.header("Location")).isEqualTo("/api/campaigns/" + encoded(slug));
    editor.post("/api/campaigns", campaign(slug, "서울")).isProblem(409, "campaign-exists");
    editor.get("/api/campaigns/" + encoded(slug)).is(200);
    editor.get("/api/campaigns/" + encoded(decomposed)).is(200);
  }

  @Test
  void replacingNeedsTheVersionThatWasRead() {
    var editor = caller();
    var path = "/api/campaigns/" + created(editor, "서울");

    editor.put(path, details("New")).isProblem(428, "precondition-required");
    editor.put(path, details("New"), "If-Match", "\"7\"").isProblem(412, "version-stale");
    editor.put(path, details("New"), "If-Match", "W/\"1\"").isProblem(412, "version-stale");
    editor.put(path, details("New"), "If-Match", "\"not-ours\"").isProblem(412, "version-stale");
    editor.put(path, details("New"), "If-Match", "1").refuses("If-Match");
    editor.put(path, details("New"), "If-Match", "\"1\", \"x").refuses("If-Match");
    assertThat(editor.get(path).etag()).isEqualTo("\"1\"");

    var changed = editor.put(path, details("New"), "If-Match", "\"5\", \"1\"").is(200);
    assertThat(changed.json().path("title").asString()).isEqualTo("New");
    assertThat(changed.json().path("city").isNull()).as("what is left away is removed").isTrue();
    editor.put(path, details("Newer"), "If-Match", "\"1\"").isProblem(412, "version-stale");
    editor.put(path, details("Newer"), "If-Match", "*").is(200);
    editor.post(path + "/publish", "", "If-Match", "\"1\"").isProblem(412, "version-stale");
  }

  @Test
  void anUnchangedCampaignIsNotSentAgain() {
    var editor = caller();
    var path = "/api/campaigns/" + created(editor, "서울");

    assertThat(editor.get(path, "If-None-Match", "\"1\"").is(304).body()).isEmpty();
    editor.get(path, "If-None-Match", "\"0\"").is(200);
  }

  @Test
  void pagesShowEveryCampaignOfACityOnceAndDraftsToWritersOnly() {
    var editor = caller();
    var city = unique("도시");
    var slugs = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      slugs.add(created(editor, city));
    }
    slugs.stream()
        .limit(3)
        .forEach(slug -> editor.post("/api/campaigns/" + slug + "/publish", "").is(200));

    assertThat(allPages(editor, city)).containsExactlyElementsOf(slugs.reversed());
    assertThat(allPages(anonymous(), city))
        .containsExactlyElementsOf(slugs.subList(0, 3).reversed());
    assertThat(allPages(anonymous(), unique("elsewhere"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=101,limit",
    "limit=many,limit",
    "cursor=nonsense!,cursor",
    "cursor=MXwyMDI2,cursor",
    // "1|+1000000000-12-31T23:59:59Z|x", a time that PostgreSQL does not know
    "cursor=MXwrMTAwMDAwMDAwMC0xMi0zMVQyMzo1OTo1OVp8eA,cursor",
    "city=%00,city",
  })
  void listParametersAreChecked(String query, String field) {
    anonymous().get("/api/campaigns?" + query).refuses(field);
  }

  @ParameterizedTest
  @CsvSource({
    "slug,",
    "slug,a",
    "slug,With-Capitals",
    "slug,a--b",
    "slug,a/b",
    "slug,..",
    "slug,😀😀",
    "title,",
    "title,'   '",
    "title,a\\u0000b",
    "title,\\ud800",
    "city,a\\nb",
    "imageKey,../secret",
    "imageKey,/absolute",
    "opensAt,not a time",
    "opensAt,+99999-01-01T00:00:00Z",
    "closesAt,2020-01-01T00:00:00Z",
  })
  void aFieldThatIsWrongIsNamed(String field, @Nullable String value) {
    var body = new HashMap<String, @Nullable Object>(campaign(unique("bad"), "서울"));
    body.put(field, "VALUE");
    var json =
        JSON.writeValueAsString(body)
            .replace("\"VALUE\"", value == null ? "null" : "\"" + value + "\"");

    caller().post("/api/campaigns", json).refuses(field);
  }

  @Test
  void everyChangeIsToldWithAGrowingVersionAndNothingIsLeftInTheOutbox(
      Cloud cloud, @Autowired JdbcClient jdbc) {
    var editor = caller();
    var slug = unique("told");

    editor.post("/api/campaigns", campaign(slug, "서울")).is(201);
    editor.post("/api/campaigns/" + slug + "/publish", "").is(200);
    editor.put("/api/campaigns/" + slug, details("Sold out"), "If-Match", "*").is(200);
    editor.post("/api/campaigns/" + slug + "/close", "").is(200);

    var events = new TreeMap<Long, JsonNode>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              for (var message : receive(cloud, slug)) {
                var event = JSON.readTree(message.body());
                events.put(event.path("version").asLong(), event);
              }
              return events.keySet().containsAll(List.of(1L, 2L, 3L, 4L));
            });
    assertThat(events.values())
        .extracting(e -> e.path("status").asString())
        .containsExactly("draft", "published", "published", "closed");
    var published = Objects.requireNonNull(events.get(2L));
    assertThat(published.path("type").asString()).isEqualTo("campaign-changed.v1");
    assertThat(published.path("title").asString()).isEqualTo("Spring tour");
    assertThat(published.path("closesAt").asString()).isEqualTo("2026-12-24T10:00:00Z");
    assertThat(published.has("trace")).isFalse();
    await().atMost(PATIENCE).until(() -> unsent(jdbc, slug) == 0);
  }

  @Test
  @Differs(on = "floci", how = "SNS does not hand the trace on")
  void aChangeIsToldInTheTraceOfTheRequestThatMadeIt(Cloud cloud) {
    var slug = unique("traced");
    var root = "Root=1-5759e988-bd862e3fe1be46a994272793";
    caller()
        .post(
            "/api/campaigns",
            campaign(slug, "서울"),
            "X-Amzn-Trace-Id",
            root + ";Parent=53995c3f42cd8ad8;Sampled=1")
        .is(201);

    var messages = new ArrayList<Message>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              messages.addAll(receive(cloud, slug));
              return !messages.isEmpty();
            });

    assertThat(messages.getFirst().attributes())
        .hasEntrySatisfying(
            MessageSystemAttributeName.AWS_TRACE_HEADER, trace -> assertThat(trace).contains(root));
  }

  @Test
  void whatAKilledProcessLeftBehindIsSentByOthers(Cloud cloud, @Autowired JdbcClient jdbc) {
    var slug = unique("killed");
    publication(jdbc, slug, Instant.now().minusSeconds(21));

    try (var _ = start(cloud)) {
      await().atMost(PATIENCE).until(() -> !receive(cloud, slug).isEmpty());
      await().atMost(PATIENCE).until(() -> unsent(jdbc, slug) == 0);
    }
  }

  @Test
  void whatAnInstanceIsSendingIsNotSentByOneThatStarts(Cloud cloud, @Autowired JdbcClient jdbc) {
    var slug = unique("in-hand");
    publication(jdbc, slug, Instant.now().plus(Duration.ofHours(1)));

    try (var _ = start(cloud)) {
      assertThat(
              jdbc.sql(
                      """
                      SELECT status || ' ' || completion_attempts FROM event_publication
                      WHERE serialized_event LIKE :slug
                      """)
                  .param("slug", "%" + slug + "%")
                  .query(String.class)
                  .single())
          .isEqualTo("PROCESSING 1");
    }
  }

  private static void publication(JdbcClient jdbc, String slug, Instant published) {
    var change =
        new CampaignChanged(
            slug, "published", 2, "Committed", null, null, null, null, null, null, published, null);
    jdbc.sql(
            """
            INSERT INTO event_publication (id, listener_id, event_type, serialized_event, publication_date, status,
              completion_attempts)
            VALUES (gen_random_uuid(), 'campaign-events', :type, :event, :published, 'PROCESSING', 1)
            """)
        .param("type", CampaignChanged.class.getName())
        .param("event", JSON.writeValueAsString(change))
        .param("published", Timestamp.from(published))
        .update();
  }

  private static ConfigurableApplicationContext start(Cloud cloud) {
    var properties = new HashMap<String, Object>(cloud.springProperties());
    properties.put("server.port", 0);
    properties.put("management.server.port", 0);
    return new SpringApplicationBuilder(BeApiApplication.class)
        .run(
            properties.entrySet().stream()
                .map(p -> "--" + p.getKey() + "=" + p.getValue())
                .toArray(String[]::new));
  }

  private static long unsent(JdbcClient jdbc, String slug) {
    return jdbc.sql("SELECT count(*) FROM event_publication WHERE serialized_event LIKE :slug")
        .param("slug", "%" + slug + "%")
        .query(Long.class)
        .single();
  }

  private static List<Message> receive(Cloud cloud, String slug) {
    return cloud
        .sqs()
        .receiveMessage(
            r ->
                r.queueUrl(cloud.queueUrl("campaign-changes"))
                    .messageSystemAttributeNames(MessageSystemAttributeName.AWS_TRACE_HEADER)
                    .maxNumberOfMessages(10)
                    .waitTimeSeconds(1))
        .messages()
        .stream()
        .filter(message -> JSON.readTree(message.body()).path("slug").asString().equals(slug))
        .toList();
  }

  private static List<String> allPages(ApiClient caller, String city) {
    var slugs = new ArrayList<String>();
    var query = "?limit=2&city=" + encoded(city);
    var cursor = "";
    while (true) {
      var page = caller.get("/api/campaigns" + query + cursor).is(200).json();
      page.path("items").forEach(item -> slugs.add(item.path("slug").asString()));
      if (page.path("nextCursor").isNull()) {
        return slugs;
      }
      cursor = "&cursor=" + page.path("nextCursor").asString();
    }
  }

  private static String created(ApiClient editor, String city) {
    var slug = unique("tour");
    editor.post("/api/campaigns", campaign(slug, city)).is(201);
    return slug;
  }

  private static Map<String, Object> campaign(String slug, String city) {
    return Map.of(
        "slug", slug,
        "title", "Spring tour",
        "description", "Line one\nline two",
        "artist", "밴드",
        "city", city,
        "imageKey", "spring/cover.jpg",
        "opensAt", "2026-12-01T10:00:00Z",
        "closesAt", "2026-12-24T10:00:00Z");
  }

  private static Map<String, Object> details(String title) {
    return Map.of("title", title);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
