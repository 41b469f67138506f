package dev.backline.beapi.stats;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a link was followed. Clicks are those of persons; previews and bots are counted apart.
 */
public record LinkStatistics(
    String code, Period period, Grouping by, Total total, List<Bucket> buckets) {

  /** All clicks of the period. */
  public record Total(long clicks, long previews, long bots) {}

  /**
   * A part of the clicks.
   *
   * @param key an hour ({@code 2026-11-22T10}), a day, a country code, a device class, a host, or a
   *     kind
   * @param previews null where only persons are counted
   * @param bots null where only persons are counted
   */
  public record Bucket(String key, long clicks, @Nullable Long previews, @Nullable Long bots) {}
}
