package dev.backline.eventworker.clicks;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is added to the numbers of one item of {@code link-stats}.
 *
 * @param bucket an hour ({@code 2026-11-22T10}) or a referrer in an hour ({@code
 *     2026-11-22T10#referrer#example.com})
 */
public record StatsUpdate(String code, String bucket, SortedMap<String, Long> increments) {

  public StatsUpdate {
    increments = Collections.unmodifiableSortedMap(new TreeMap<>(increments));
  }
}
