package dev.backline.beapi.stats;

import dev.backline.beapi.link.LinkCode;
import dev.backline.beapi.link.Links;
import dev.backline.beapi.stats.ClickCounts.Count;
import dev.backline.beapi.stats.LinkStatistics.Bucket;
import dev.backline.beapi.stats.LinkStatistics.Total;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;

/** Sums the counted clicks of a link. Only its owner may see them, also after it was deleted. */
@Service
public class Statistics {

  /** More referrers than anyone reads; the rest is summed up under {@link #OTHER}. */
  static final int MAX_BUCKETS = 100;

  static final String OTHER = "(other)";

  /** Bounds the memory for one answer: whoever forges referrers cannot fill the heap. */
  private static final int MAX_KEYS = 10_000;

  private final Links links;
  private final ClickCounts counts;

  Statistics(Links links, ClickCounts counts) {
    this.links = links;
    this.counts = counts;
  }

  /** Answers how often the owner's link was followed within the period. */
  public LinkStatistics of(LinkCode code, String owner, Period period, Grouping by) {
    links.owned(code, owner);
    var sum = new Sum(period, by);
    counts.read(code, period, sum::add);
    return new LinkStatistics(code.value(), period, by, sum.total(), sum.buckets());
  }

  private static final class Sum {

    private final Grouping by;
    private final Kinds total = new Kinds();
    private final Map<String, Kinds> byTime = new LinkedHashMap<>();
    private final Map<String, Long> byKey = new HashMap<>();

    Sum(Period period, Grouping by) {
      this.by = by;
      if (by == Grouping.HOUR || by == Grouping.DAY) {
        for (var hour = period.from();
            hour.isBefore(period.to());
            hour = hour.plus(1, ChronoUnit.HOURS)) {
          byTime.computeIfAbsent(timeKey(hour), _ -> new Kinds());
        }
      }
    }

    void add(Count count) {
      switch (count) {
        case Count.Hour hour -> {
          total.add(hour);
          switch (by) {
            case HOUR, DAY ->
                byTime.computeIfAbsent(timeKey(hour.hour()), _ -> new Kinds()).add(hour);
            case COUNTRY -> hour.countries().forEach(this::addKey);
            case DEVICE -> hour.devices().forEach(this::addKey);
            case REFERRER, KIND -> {}
          }
        }
        case Count.Referrer referrer -> {
          if (by == Grouping.REFERRER) {
            addKey(referrer.host(), referrer.persons());
          }
        }
      }
    }

    Total total() {
      return new Total(total.persons, total.previews, total.bots);
    }

    List<Bucket> buckets() {
      return switch (by) {
        case HOUR, DAY ->
            byTime.entrySet().stream()
                .map(
                    e ->
                        new Bucket(
                            e.getKey(),
                            e.getValue().persons,
                            e.getValue().previews,
                            e.getValue().bots))
                .toList();
        case KIND ->
            List.of(
                new Bucket("person", total.persons, null, null),
                new Bucket("preview", total.previews, null, null),
                new Bucket("bot", total.bots, null, null));
        case COUNTRY, DEVICE, REFERRER -> largest();
      };
    }

    private List<Bucket> largest() {
      long other = byKey.getOrDefault(OTHER, 0L);
      var buckets = new ArrayList<Bucket>();
      byKey.entrySet().stream()
          .filter(e -> !e.getKey().equals(OTHER))
          .sorted(
              Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                  .thenComparing(Map.Entry::getKey))
          .forEach(e -> buckets.add(new Bucket(e.getKey(), e.getValue(), null, null)));
      if (buckets.size() > MAX_BUCKETS) {
        var rest = buckets.subList(MAX_BUCKETS, buckets.size());
        other += rest.stream().mapToLong(Bucket::clicks).sum();
        rest.clear();
      }
      if (other > 0) {
        buckets.add(new Bucket(OTHER, other, null, null));
      }
      return buckets;
    }

    private void addKey(String key, long persons) {
      boolean room = byKey.size() < MAX_KEYS || byKey.containsKey(key);
      byKey.merge(room ? key : OTHER, persons, Long::sum);
    }

    /** The first 13 or 10 characters of 2026-11-22T10:00:00Z. */
    private String timeKey(Instant hour) {
      return hour.toString().substring(0, by == Grouping.HOUR ? 13 : 10);
    }
  }

  private static final class Kinds {
    private long persons;
    private long previews;
    private long bots;

    void add(Count.Hour hour) {
      persons += hour.persons();
      previews += hour.previews();
      bots += hour.bots();
    }
  }
}
