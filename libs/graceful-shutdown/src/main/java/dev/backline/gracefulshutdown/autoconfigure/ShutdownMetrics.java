package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.ShutdownReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Consumer;

/**
 * The report for registries that push when they are closed, which is after this. A scrape comes too
 * late for it.
 */
final class ShutdownMetrics implements Consumer<ShutdownReport> {

  private final MeterRegistry registry;

  ShutdownMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void accept(ShutdownReport report) {
    report
        .steps()
        .forEach(
            step ->
                Timer.builder("backline.shutdown.step")
                    .description("Time that each step of the shutdown took")
                    .tag("step", step.name())
                    .register(registry)
                    .record(step.elapsed()));
    report
        .works()
        .forEach(
            work -> {
              count(work.name(), "drained", work.drained());
              count(work.name(), "given-back", work.givenBack());
              count(work.name(), "abandoned", work.abandoned());
            });
  }

  private void count(String work, String outcome, int pieces) {
    Counter.builder("backline.shutdown.work")
        .description("Pieces of work at the shutdown, by what became of them")
        .tag("work", work)
        .tag("outcome", outcome)
        .register(registry)
        .increment(pieces);
  }
}
