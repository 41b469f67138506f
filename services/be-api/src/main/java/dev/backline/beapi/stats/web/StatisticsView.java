package dev.backline.beapi.stats.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backline.beapi.stats.LinkStatistics;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Schema(name = "LinkStatistics")
record StatisticsView(
    String code,
    Instant from,
    @Schema(description = "Exclusive") Instant to,
    String by,
    Total total,
    @Schema(
            description =
                "By time in order, without gaps; else the largest first, at most 100 and `(other)`")
        List<Bucket> buckets) {

  record Total(@Schema(description = "By persons") long clicks, long previews, long bots) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Bucket(
      @Schema(example = "2026-11-22") String key,
      long clicks,
      @Schema(description = "By hour and day only") @Nullable Long previews,
      @Schema(description = "By hour and day only") @Nullable Long bots) {}

  static StatisticsView of(LinkStatistics statistics) {
    var total = statistics.total();
    return new StatisticsView(
        statistics.code(),
        statistics.period().from(),
        statistics.period().to(),
        statistics.by().label(),
        new Total(total.clicks(), total.previews(), total.bots()),
        statistics.buckets().stream()
            .map(b -> new Bucket(b.key(), b.clicks(), b.previews(), b.bots()))
            .toList());
  }
}
