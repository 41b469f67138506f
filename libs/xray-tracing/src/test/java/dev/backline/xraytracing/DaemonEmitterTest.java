package dev.backline.xraytracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.JsonNode;

@Timeout(180)
class DaemonEmitterTest {

  @Test
  void anInterruptedThreadDoesNotSilenceAllOthers() throws Exception {
    try (TraceReceiver receiver = new TraceReceiver()) {
      runner(receiver)
          .run(
              context -> {
                TraceContext traces = context.getBean(TraceContext.class);
                traces.run(null, "cancelled", () -> Thread.currentThread().interrupt());
                assertThat(Thread.interrupted()).isTrue();
                traces.run(null, "afterwards", () -> {});
              });

      receiver.await(it -> it.at("/annotations/work").asString("").equals("cancelled"));
      receiver.await(it -> it.at("/annotations/work").asString("").equals("afterwards"));
    }
  }

  @Test
  void aSegmentTooLargeForADatagramIsSentInParts() throws Exception {
    try (TraceReceiver receiver = new TraceReceiver()) {
      runner(receiver)
          .run(
              context -> {
                ObservationRegistry observations = ObservationRegistry.create();
                observations
                    .observationConfig()
                    .observationHandler(context.getBean(SubsegmentObservationHandler.class));
                context
                    .getBean(TraceContext.class)
                    .run(null, "large", () -> observeMuch(observations));
                assertThat(context.getBean(DaemonEmitter.class).lost()).isZero();
              });

      JsonNode segment =
          receiver.await(it -> it.at("/annotations/work").asString("").equals("large"));
      assertThat(segment.has("subsegments")).isFalse();
      String id = segment.path("id").asString();
      assertThat(receiver.all())
          .filteredOn(it -> it.path("parent_id").asString("").equals(id))
          .hasSize(40)
          .allMatch(it -> it.path("type").asString().equals("subsegment"));
    }
  }

  private static void observeMuch(ObservationRegistry observations) {
    for (int i = 0; i < 40; i++) {
      Observation.createNotStarted("part", observations)
          .lowCardinalityKeyValue("text", "x".repeat(2_000))
          .observe(() -> {});
    }
  }

  private static ApplicationContextRunner runner(TraceReceiver receiver) {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(XRayTracingAutoConfiguration.class))
        .withPropertyValues(
            "backline.tracing.sampling-rate=1",
            "backline.tracing.daemon-address=" + receiver.address());
  }
}
