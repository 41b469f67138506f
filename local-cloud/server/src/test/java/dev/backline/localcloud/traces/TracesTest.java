package dev.backline.localcloud.traces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TracesTest {

  private final Traces traces = new Traces();

  @Test
  void aFloodOfLargeSegmentsPushesTheOldestTracesOut() {
    var padding = "x".repeat(60_000);
    var sent = 2 * Traces.KEPT_CHARACTERS / padding.length();
    for (int i = 0; i < sent; i++) {
      traces.add(segment("trace-" + i / 10, "segment-" + i, padding));
    }

    assertThat(traces.find("trace-0")).isEmpty();
    assertThat(traces.find("trace-" + (sent - 1) / 10)).isPresent();
    assertThat(traces.list()).hasSizeLessThan(sent / 10);
  }

  @Test
  void aSegmentThatIsSentAgainAndAgainTakesItsPlaceOnce() {
    traces.add(segment("first", "a", ""));
    var padding = "x".repeat(60_000);
    for (int i = 0; i < 2 * Traces.KEPT_CHARACTERS / padding.length(); i++) {
      traces.add(segment("second", "b", padding));
    }

    assertThat(traces.find("first")).hasValueSatisfying(all -> assertThat(all).hasSize(1));
    assertThat(traces.find("second")).hasValueSatisfying(all -> assertThat(all).hasSize(1));
  }

  private static String segment(String trace, String id, String padding) {
    return "{\"trace_id\":\"%s\",\"id\":\"%s\",\"padding\":\"%s\"}".formatted(trace, id, padding);
  }
}
