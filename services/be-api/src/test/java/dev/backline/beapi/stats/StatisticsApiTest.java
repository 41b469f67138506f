package dev.backline.beapi.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.beapi.BeApiTest;
import dev.backline.localcloud.junit.Cloud;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

class StatisticsApiTest extends BeApiTest {

  private final String owner = unique("owner");
  private final String code = unique("stats");

  @BeforeEach
  void aLinkWithClicks(Cloud cloud) {
    caller(owner)
        .post("/api/links", Map.of("targetUrl", "https://example.com/", "code", code))
        .is(201);
    count(
        cloud,
        "2026-11-20T23",
        Map.of("person", 5, "country.KR", 4, "country.unknown", 1, "device.mobile", 5));
    count(
        cloud,
        "2026-11-21T10",
        Map.of("person", 3, "preview", 2, "bot", 7, "country.US", 3, "device.desktop", 3));
    count(cloud, "2026-11-21T10#referrer#direct", Map.of("person", 1));
    count(cloud, "2026-11-21T10#referrer#example.com", Map.of("person", 2));
    count(cloud, "2026-11-22T00", Map.of("person", 100));
  }

  @Test
  void clicksAreSummedByDayWithoutGaps() {
    var stats = stats("from=2026-11-19&to=2026-11-21");

    assertThat(stats.path("from").asString()).isEqualTo("2026-11-19T00:00:00Z");
    assertThat(stats.path("to").asString()).isEqualTo("2026-11-22T00:00:00Z");
    assertThat(stats.path("by").asString()).isEqualTo("day");
    assertThat(stats.path("total")).hasToString("{\"clicks\":8,\"previews\":2,\"bots\":7}");
    assertThat(stats.path("buckets"))
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"key\":\"2026-11-19\",\"clicks\":0,\"previews\":0,\"bots\":0}",
            "{\"key\":\"2026-11-20\",\"clicks\":5,\"previews\":0,\"bots\":0}",
            "{\"key\":\"2026-11-21\",\"clicks\":3,\"previews\":2,\"bots\":7}");
  }

  @Test
  void clicksAreSummedByHourWithinTheHoursAskedFor() {
    var stats = stats("by=hour&from=2026-11-21T09:30:00Z&to=2026-11-21T10:15:00Z");

    assertThat(buckets(stats)).containsExactly("2026-11-21T09=0", "2026-11-21T10=3");
    assertThat(stats.path("total").path("clicks").asInt()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "country  | KR=4 US=3 unknown=1",
        "device   | mobile=5 desktop=3",
        "referrer | example.com=2 direct=1",
        "kind     | person=8 preview=2 bot=7",
      })
  void clicksAreSplitLargestFirst(String by, String expected) {
    assertThat(buckets(stats("from=2026-11-19&to=2026-11-21&by=" + by)))
        .containsExactly(expected.split(" "));
  }

  @Test
  void manyReferrersAreSummedUp(Cloud cloud) {
    for (int i = 0; i < 103; i++) {
      count(cloud, "2026-11-18T00#referrer#host" + (100 + i) + ".example", Map.of("person", 10));
    }

    var buckets = buckets(stats("from=2026-11-18&to=2026-11-18&by=referrer"));

    assertThat(buckets).hasSize(101).startsWith("host100.example=10").endsWith("(other)=30");
  }

  @Test
  void withoutAPeriodTheLastThirtyDaysAreSummed() {
    var stats = stats("");

    assertThat(stats.path("buckets").size()).isBetween(30, 31);
    assertThat(stats.path("code").asString()).isEqualTo(code);
  }

  @Test
  void statisticsOutliveTheLink() {
    caller(owner).delete("/api/links/" + code).is(204);

    assertThat(stats("from=2026-11-21&to=2026-11-21").path("total").path("clicks").asInt())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "by=minute,by",
    "from=yesterday,from",
    "to=2026-13-01,to",
    "to=+999999999-01-01,to",
    "from=2026-11-22&to=2026-11-21,from",
    "from=2026-11-21T10:00:00Z&to=2026-11-21T10:00:00Z,from",
    "by=hour&from=2026-01-01&to=2026-02-01,from",
    "by=day&from=2024-01-01&to=2026-01-01,from",
  })
  void aPeriodThatMakesNoSenseIsRefused(String query, String field) {
    caller(owner).get("/api/links/" + code + "/stats?" + query).refuses(field);
  }

  private JsonNode stats(String query) {
    return caller(owner).get("/api/links/" + code + "/stats?" + query).is(200).json();
  }

  private static List<String> buckets(JsonNode stats) {
    return stats
        .path("buckets")
        .valueStream()
        .map(b -> b.path("key").asString() + "=" + b.path("clicks"))
        .toList();
  }

  private void count(Cloud cloud, String bucket, Map<String, Integer> counts) {
    var item = new HashMap<String, AttributeValue>();
    item.put("code", AttributeValue.fromS(code));
    item.put("bucket", AttributeValue.fromS(bucket));
    counts.forEach((name, count) -> item.put(name, AttributeValue.fromN(count.toString())));
    cloud.dynamoDb().putItem(r -> r.tableName(cloud.table("link-stats")).item(item));
  }
}
