package dev.backline.eventworker.clicks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final Instant AT = Instant.parse("2026-11-22T10:59:59Z");

  @Test
  void personsCountByCountryDeviceAndReferrerAndProgramsByKindOnly() {
    ClickBatch batch =
        ClickBatch.read(
            Clicks.batch()
                .click(AT, "abc", "KR", "mobile", null, "person")
                .click(AT, "abc", null, "desktop", "Search.Example.com", "person")
                .click(AT, "abc", "US", "other", "example.com", "bot")
                .click(AT, "abc", "KR", "other", null, "preview")
                .body());

    assertThat(Tally.of(batch))
        .containsExactly(
            update(
                "2026-11-22T10",
                Map.of(
                    "person", 2L,
                    "bot", 1L,
                    "preview", 1L,
                    "country.KR", 1L,
                    "country.unknown", 1L,
                    "device.mobile", 1L,
                    "device.desktop", 1L)),
            update("2026-11-22T10#referrer#direct", Map.of("person", 1L)),
            update("2026-11-22T10#referrer#search.example.com", Map.of("person", 1L)));
  }

  @Test
  void anHourEndsWithItsLastSecondInUtc() {
    ClickBatch batch =
        ClickBatch.read(
            Clicks.batch().persons(1, AT, "abc").persons(1, AT.plusSeconds(1), "abc").body());

    assertThat(Tally.of(batch))
        .extracting(StatsUpdate::bucket)
        .containsExactly(
            "2026-11-22T10",
            "2026-11-22T10#referrer#direct",
            "2026-11-22T11",
            "2026-11-22T11#referrer#direct");
  }

  @Test
  void aVisitorsInventedReferrersFillNoTable() {
    Clicks clicks = Clicks.batch();
    for (int i = 0; i < 150; i++) {
      clicks.click(AT, "abc", "KR", "mobile", "host%03d.example".formatted(i), "person");
    }
    for (int i = 0; i < 40; i++) {
      clicks.click(AT, "abc", "KR", "mobile", "popular.example", "person");
    }
    clicks.click(AT, "abc", "KR", "mobile", "direct", "person");
    clicks.click(AT, "abc", "KR", "mobile", "no host#at all", "person");

    List<StatsUpdate> referrers =
        Tally.of(ClickBatch.read(clicks.body())).stream()
            .filter(update -> update.bucket().contains("#"))
            .toList();

    assertThat(referrers)
        .hasSize(Tally.MOST_REFERRERS + 1)
        .contains(
            update("2026-11-22T10#referrer#popular.example", Map.of("person", 40L)),
            update("2026-11-22T10#referrer#other", Map.of("person", 133L)));
    assertThat(referrers.stream().mapToLong(update -> update.increments().get("person")).sum())
        .isEqualTo(192);
  }

  @Test
  void theSameClicksInAnyOrderGiveTheSameChunks() {
    List<Click> clicks = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < ClickBatch.MOST_CLICKS; i++) {
      clicks.add(
          new Click(
              AT.minusSeconds(random.nextInt(20_000)),
              "code" + random.nextInt(150),
              "KR",
              Click.Device.MOBILE,
              "h" + random.nextInt(60) + ".example",
              Click.Kind.PERSON));
    }
    UUID id = UUID.randomUUID();
    List<Chunk> chunks = Chunk.of(new ClickBatch(id, clicks));
    Collections.shuffle(clicks, random);

    assertThat(Chunk.of(new ClickBatch(id, clicks))).isEqualTo(chunks);
    assertThat(chunks).hasSizeGreaterThan(1).allMatch(chunk -> chunk.updates().size() <= 99);
    assertThat(chunks).extracting(Chunk::number).containsExactly(0, 1, 2, 3);
    assertThat(chunks.stream().mapToLong(Chunk::clicks).sum()).isEqualTo(clicks.size());
  }

  /** Chunks of messages that are under way during a deployment were made by the version before. */
  @Test
  void theDivisionIntoChunksIsAContract() {
    UUID id = UUID.fromString("00000000-0000-4000-8000-000000000000");
    Clicks clicks = Clicks.batch(id);
    for (int i = 0; i < 60; i++) {
      clicks.persons(1, AT, "c%02d".formatted(i));
    }

    List<Chunk> chunks = Chunk.of(ClickBatch.read(clicks.body()));

    assertThat(chunks).hasSize(2);
    assertThat(chunks.getFirst().updates().getLast())
        .isEqualTo(
            new StatsUpdate(
                "c49",
                "2026-11-22T10",
                new TreeMap<>(Map.of("person", 1L, "country.KR", 1L, "device.mobile", 1L))));
    assertThat(chunks).extracting(Chunk::digest).containsOnly("c9d5ac38259d5804f6e014063d6d1101");
  }

  private static StatsUpdate update(String bucket, Map<String, Long> increments) {
    return new StatsUpdate("abc", bucket, new TreeMap<>(increments));
  }
}
