package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkerTrafficTest {

  @Test
  void whatTheWorkerHadHandledBeforeIsReadFromItsMetrics() {
    assertThat(
            WorkerTraffic.handledBefore(
                """
                # TYPE clicks_chunks_duplicate_total counter
                clicks_chunks_duplicate_total{application="event-worker"} 2.0
                clicks_counted_total 40.0
                campaigns_events_total{outcome="applied"} 7.0
                campaigns_events_total{application="event-worker",outcome="repeated"} 1.0
                """))
        .isEqualTo(3);
  }
}
