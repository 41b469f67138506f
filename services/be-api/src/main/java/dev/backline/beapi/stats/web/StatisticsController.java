package dev.backline.beapi.stats.web;

import dev.backline.beapi.link.LinkCode;
import dev.backline.beapi.link.Links;
import dev.backline.beapi.stats.Grouping;
import dev.backline.beapi.stats.Period;
import dev.backline.beapi.stats.Statistics;
import dev.backline.servicedefaults.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Statistics", description = "How often the caller's links were followed.")
class StatisticsController {

  private final Statistics statistics;
  private final Links links;

  StatisticsController(Statistics statistics, Links links) {
    this.statistics = statistics;
    this.links = links;
  }

  @GetMapping("/api/links/{code}/stats")
  @Operation(
      summary = "Read the statistics of a link",
      description =
          """
          Clicks are those of persons; previews of messengers and bots are counted apart. They are counted within \
          seconds, in whole hours of UTC. By hour at most 31 days, else at most 366 days.""")
  StatisticsView get(
      @PathVariable String code,
      @Parameter(
              description =
                  "Date or time, inclusive; by default 1 day (by hour) or 30 days before `to`")
          @RequestParam(required = false)
          @Nullable String from,
      @Parameter(description = "Time, exclusive, or date, inclusive; by default now")
          @RequestParam(required = false)
          @Nullable String to,
      @Parameter(
              schema =
                  @Schema(
                      allowableValues = {"hour", "day", "country", "device", "referrer", "kind"}))
          @RequestParam(defaultValue = "day")
          String by,
      Authentication caller) {
    var grouping = Grouping.of(by);
    var period = Period.of(from, to, grouping, links.now());
    var known =
        LinkCode.find(code)
            .orElseThrow(
                () -> Problems.notFound("link-not-found", "You have no link with this code."));
    return StatisticsView.of(statistics.of(known, caller.getName(), period, grouping));
  }
}
