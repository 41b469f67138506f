package dev.backline.drill;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts requests by what became of them. */
final class Ledger {

  private static final int EXPLANATIONS = 5;

  private final Map<Answer, Long> counts = new EnumMap<>(Answer.class);
  private final Map<String, Long> wrong = new LinkedHashMap<>();
  private Duration slowest = Duration.ZERO;

  synchronized void add(Answer answer, Duration took) {
    counts.merge(answer, 1L, Long::sum);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
  }

  /** Says what was wrong with an answer, briefly: the same text is shown once. */
  synchronized void explain(String what) {
    if (wrong.size() < EXPLANATIONS || wrong.containsKey(what)) {
      wrong.merge(what, 1L, Long::sum);
    }
  }

  synchronized Requests requests() {
    return new Requests(Map.copyOf(counts), new LinkedHashMap<>(wrong), slowest);
  }

  /**
   * All requests so far.
   *
   * @param wrong some of the wrong answers, with their number
   */
  record Requests(Map<Answer, Long> counts, Map<String, Long> wrong, Duration slowest) {

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
