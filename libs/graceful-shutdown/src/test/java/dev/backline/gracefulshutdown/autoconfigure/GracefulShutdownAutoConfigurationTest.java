package dev.backline.gracefulshutdown.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.Intake;
import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import dev.backline.gracefulshutdown.WorkInFlight;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.DefaultLifecycleProcessor;

class GracefulShutdownAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(GracefulShutdownAutoConfiguration.class))
          .withBean("lifecycleProcessor", DefaultLifecycleProcessor.class);

  @Test
  void thereIsNoDeadlineUntilTheServiceIsToldToStop() {
    AtomicReference<ShutdownDeadline> kept = new AtomicReference<>();

    runner.run(
        context -> {
          ShutdownDeadline deadline = context.getBean(ShutdownDeadline.class);
          assertThat(deadline.current()).isEmpty();
          kept.set(deadline);
        });

    Deadline deadline = requireNonNull(kept.get()).current().orElseThrow();
    assertThat(deadline.remaining()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(25));
  }

  @Test
  void workIsDrainedWithoutAWebServerAndWithoutASignalToo() {
    Recorder work = new Recorder();

    runner.withBean(DrainableWork.class, () -> work).run(context -> {});

    assertThat(work.flushed).isTrue();
  }

  @Test
  void readinessIsRefusedWithoutAWebServerToo() {
    AtomicReference<ApplicationAvailabilityBean> kept = new AtomicReference<>();

    runner
        .withBean(ApplicationAvailabilityBean.class)
        .run(context -> kept.set(context.getBean(ApplicationAvailabilityBean.class)));

    assertThat(requireNonNull(kept.get()).getReadinessState())
        .isEqualTo(ReadinessState.REFUSING_TRAFFIC);
  }

  @Test
  void switchedOffItTakesNoPartButStillAnswersForTheDeadline() {
    Recorder work = new Recorder();

    runner
        .withPropertyValues("backline.shutdown.enabled=false")
        .withBean(DrainableWork.class, () -> work)
        .run(
            context -> {
              assertThat(context.getBean(ShutdownDeadline.class).current()).isEmpty();
              assertThat(context).doesNotHaveBean(DrainLifecycle.class);
              assertThat(context).doesNotHaveBean(Intake.class);
            });

    assertThat(work.flushed).isFalse();
  }

  @Test
  void requestsAreOnlyCountedWhereThereIsAWebApplication() {
    runner.run(context -> assertThat(context).doesNotHaveBean(RequestActivity.class));
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(GracefulShutdownAutoConfiguration.class))
        .run(context -> assertThat(context).hasSingleBean(RequestActivity.class));
  }

  @Test
  void startsWithoutSpringCloudAwsOnTheClassPath() {
    runner
        .withClassLoader(new FilteredClassLoader("io.awspring.cloud"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("backlineSqsIntake"));
  }

  @Test
  void aBudgetThatDoesNotFitStopsTheStartAndSaysWhatToChange() {
    runner
        .withPropertyValues("backline.shutdown.lame-duck=40s")
        .run(
            context -> {
              assertThat(context).hasFailed();
              FailureAnalysis analysis =
                  new InvalidShutdownBudgetFailureAnalyzer()
                      .analyze(requireNonNull(context.getStartupFailure()));
              assertThat(analysis).isNotNull();
              assertThat(analysis.getDescription()).contains("backline.shutdown.lame-duck=40s");
              assertThat(analysis.getAction()).contains("Set lame-duck below 25s");
            });
  }

  @Test
  void aPhaseTimeoutThatEndsAfterTheDeadlineStopsTheStartAndSaysWhatToChange() {
    runner
        .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=30s")
        .run(
            context -> {
              assertThat(context).hasFailed();
              FailureAnalysis analysis =
                  new InvalidShutdownBudgetFailureAnalyzer()
                      .analyze(requireNonNull(context.getStartupFailure()));
              assertThat(analysis).isNotNull();
              assertThat(analysis.getDescription())
                  .contains("spring.lifecycle.timeout-per-shutdown-phase=30s", "17s");
              assertThat(analysis.getAction()).contains("Set it to 17s or less");
            });
  }

  @Test
  void aTeamsOwnWorkInFlightIsInjectedByItsType() {
    runner
        .withBean("exports", WorkInFlight.class, () -> new WorkInFlight("exports"))
        .run(
            context -> assertThat(context.getBean(WorkInFlight.class).name()).isEqualTo("exports"));
  }

  @Test
  void startsWithTwoRegistriesOfMetricsOfWhichNoneIsTheFirst() {
    runner
        .withBean("one", MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean("other", MeterRegistry.class, SimpleMeterRegistry::new)
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void phasesThatDoNotEndTakeNoLongerThanTheDeadlineTogether() {
    AtomicReference<Shutdown> kept = new AtomicReference<>();

    runner
        .withPropertyValues(
            "backline.shutdown.stop-timeout=6s",
            "backline.shutdown.safety-margin=1s",
            "backline.shutdown.lame-duck=0s",
            "backline.shutdown.flush-reserve=2s")
        .withBean("one", NeverStops.class, () -> new NeverStops(Integer.MAX_VALUE))
        .withBean("other", NeverStops.class, () -> new NeverStops(Integer.MAX_VALUE - 1))
        .run(context -> kept.set(context.getBean(Shutdown.class)));

    assertThat(requireNonNull(requireNonNull(kept.get()).report()).left()).isPositive();
  }

  @Test
  void theStepsAndWhatBecameOfTheWorkAreMetrics() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    runner
        .withBean(MeterRegistry.class, () -> registry)
        .withBean(DrainableWork.class, Recorder::new)
        .run(context -> {});

    assertThat(registry.get("backline.shutdown.step").tag("step", "flush").timer().count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("backline.shutdown.work")
                .tags("work", "recorder", "outcome", "abandoned")
                .counter()
                .count())
        .isZero();
  }

  private record NeverStops(int getPhase) implements SmartLifecycle {

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public void stop(Runnable stopped) {}

    @Override
    public boolean isRunning() {
      return true;
    }
  }

  private static final class Recorder implements DrainableWork {

    private volatile boolean flushed;

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public void stopIntake() {}

    @Override
    public int inFlight() {
      return 0;
    }

    @Override
    public void flush(Deadline deadline) {
      flushed = true;
    }
  }
}
