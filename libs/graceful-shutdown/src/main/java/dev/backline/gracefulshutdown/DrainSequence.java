package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Drains work in three steps: all stop their intake, all are awaited, all flush. A step begins when
 * the one before is over for everyone, since one worker may feed another's buffer; a step that does
 * not end is cut off in time for the flush.
 */
public final class DrainSequence {

  private static final Duration POLL = Duration.ofMillis(10);

  private final List<Drain> drains;
  private final Deadline deadline;
  private final Duration flushReserve;

  private DrainSequence(
      Collection<? extends DrainableWork> works, Deadline deadline, Duration flushReserve) {
    this.drains = works.stream().map(Drain::new).toList();
    this.deadline = deadline;
    this.flushReserve = flushReserve;
  }

  /** Returns at the deadline at the latest, whatever the work does; never throws for it. */
  public static List<WorkOutcome> run(
      Collection<? extends DrainableWork> works, Deadline deadline, Duration flushReserve)
      throws InterruptedException {
    return new DrainSequence(works, deadline, flushReserve).run();
  }

  private List<WorkOutcome> run() throws InterruptedException {
    runStep("stopIntake", drain -> drain.work.stopIntake(), flushReserve);
    runStep("drain", Drain::awaitIdle, flushReserve);
    runStep("flush", drain -> drain.work.flush(deadline), Duration.ZERO);
    return drains.stream().map(Drain::outcome).toList();
  }

  private void runStep(String step, Step action, Duration reserve) throws InterruptedException {
    List<Thread> threads =
        drains.stream()
            .map(
                drain ->
                    Thread.ofVirtual()
                        .name(step + "-" + drain.name)
                        .start(() -> drain.attempt(step, action)))
            .toList();
    for (int i = 0; i < threads.size(); i++) {
      if (!threads.get(i).join(deadline.remainingBefore(reserve))) {
        drains.get(i).cutOff(step);
        threads.get(i).interrupt();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run(Drain drain) throws Exception;
  }

  private static final class Drain {

    private final DrainableWork work;
    private final String name;
    private final long start = System.nanoTime();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private volatile long end = start;
    private volatile int abandoned;
    private volatile String cutOffStep = "";

    Drain(DrainableWork work) {
      this.work = work;
      this.name = work.name();
    }

    void attempt(String step, Step action) {
      try {
        action.run(this);
      } catch (Throwable failure) {
        // The interrupt after the cut is our own doing and has been reported.
        if (!step.equals(cutOffStep)) {
          problems.add(step + " failed: " + failure);
        }
      }
      end = System.nanoTime();
    }

    void awaitIdle() throws InterruptedException {
      int inFlight = work.inFlight();
      while (inFlight > 0) {
        abandoned = inFlight;
        Thread.sleep(POLL);
        inFlight = work.inFlight();
      }
      abandoned = 0;
    }

    void cutOff(String step) {
      cutOffStep = step;
      if (abandoned == 0 || !step.equals("drain")) {
        problems.add(step + " did not end in time");
      }
      end = System.nanoTime();
    }

    WorkOutcome outcome() {
      return new WorkOutcome(name, Duration.ofNanos(end - start), abandoned, List.copyOf(problems));
    }
  }
}
