package dev.backline.drill;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts requests by what became of them. */
final class Ledger {

  private final Map<Answer, Long> counts = new EnumMap<>(Answer.class);
  private Duration slowest = Duration.ZERO;

  synchronized void add(Answer answer, Duration took) {
    counts.merge(answer, 1L, Long::sum);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
  }

  synchronized Requests requests() {
    return new Requests(Map.copyOf(counts), slowest);
  }

  /** All requests so far. */
  record Requests(Map<Answer, Long> counts, Duration slowest) {

    long count(Answer answer) {
      return counts.getOrDefault(answer, 0L);
    }

    long sent() {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    long failed() {
      return sent() - count(Answer.EXPECTED);
    }
  }
}
