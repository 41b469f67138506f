package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The stop of all intakes, going on in the background while requests are still served. */
public final class IntakeStop {

  private record Stopping(String name, FutureTask<Duration> task) {}

  private final List<Stopping> stopping;

  private IntakeStop(List<Stopping> stopping) {
    this.stopping = stopping;
  }

  public static IntakeStop begin(Collection<? extends Intake> intakes) {
    return new IntakeStop(intakes.stream().map(IntakeStop::begin).toList());
  }

  private static Stopping begin(Intake intake) {
    long start = System.nanoTime();
    var task =
        new FutureTask<>(
            () -> {
              intake.stop();
              return Duration.ofNanos(System.nanoTime() - start);
            });
    Thread.ofVirtual().name("stop-" + intake.name()).start(task);
    return new Stopping(intake.name(), task);
  }

  /** Waits for all of them, at most until {@code reserve} before the deadline. */
  public List<WorkOutcome> await(Deadline deadline, Duration reserve) throws InterruptedException {
    long start = System.nanoTime();
    var outcomes = new ArrayList<WorkOutcome>();
    for (Stopping each : stopping) {
      try {
        Duration elapsed =
            each.task.get(deadline.remainingBefore(reserve).toNanos(), TimeUnit.NANOSECONDS);
        outcomes.add(new WorkOutcome(each.name, elapsed, 0, List.of()));
      } catch (ExecutionException failure) {
        outcomes.add(problem(each, start, "stop failed: " + failure.getCause()));
      } catch (TimeoutException tooLong) {
        each.task.cancel(true);
        outcomes.add(problem(each, start, "stop did not end in time"));
      }
    }
    return outcomes;
  }

  private static WorkOutcome problem(Stopping each, long start, String problem) {
    return new WorkOutcome(
        each.name, Duration.ofNanos(System.nanoTime() - start), 0, List.of(problem));
  }
}
