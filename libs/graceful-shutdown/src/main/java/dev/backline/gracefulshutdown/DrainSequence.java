package dev.backline.gracefulshutdown;

import dev.backline.gracefulshutdown.ShutdownReport.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Drains work in steps: all stop their intake, all are awaited, what is left is given back and
 * interrupted, all flush. A step begins when the one before is over for everyone, since one worker
 * may feed another's buffer; a step that does not end is cut off in time for the next.
 */
public final class DrainSequence {

  private static final Duration POLL = Duration.ofMillis(10);

  /** Who takes longer to say what is in flight is taken for busy, and holds up no one else. */
  private static final Duration ANSWER = POLL.multipliedBy(10);

  /** Work that is handed over is in nobody's hands for a moment: one look would miss it. */
  private static final int IDLE_POLLS = 2;

  /** Enough to see the blocked call below the frames of the JDK and a client. */
  private static final int STACK_DEPTH = 25;

  private final List<Drain> drains;
  private final Deadline deadline;
  private final Duration flushReserve;
  private final List<Step> steps = new ArrayList<>();
  private final Attempts intakeStop;

  private DrainSequence(
      Collection<? extends DrainableWork> works, Deadline deadline, Duration flushReserve) {
    this.drains = works.stream().map(Drain::new).toList();
    this.deadline = deadline;
    this.flushReserve = flushReserve;
    drains.forEach(Drain::ask);
    this.intakeStop = begin("stop-intake", Drain::isIntake, Drain::stopIntake);
  }

  /** Stops each {@link Intake} in the background and returns at once. */
  public static DrainSequence begin(
      Collection<? extends DrainableWork> works, Deadline deadline, Duration flushReserve) {
    return new DrainSequence(works, deadline, flushReserve);
  }

  /**
   * Takes the other steps, once. Returns at the deadline at the latest, whatever the work does, and
   * never throws for it.
   */
  public List<WorkOutcome> finish() throws InterruptedException {
    long start = System.nanoTime();
    intakeStop.join(flushReserve);
    begin("stop-intake", drain -> !drain.isIntake(), Drain::stopIntake).join(flushReserve);
    start = note("stop-intake", start);
    awaitIdle();
    start = note("drain", start);
    // The interrupt comes with the flush: to a queue listener a handler that was interrupted is one
    // that failed.
    begin("give-back", drain -> true, drain -> drain.giveBack(deadline))
        .join(flushReserve.dividedBy(2));
    start = note("give-back", start);
    begin("flush", drain -> true, drain -> drain.flush(deadline)).join(Duration.ZERO);
    note("flush", start);
    return drains.stream().map(Drain::outcome).toList();
  }

  /** The steps that were taken so far. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  private long note(String step, long start) {
    long now = System.nanoTime();
    steps.add(new Step(step, Duration.ofNanos(now - start)));
    return now;
  }

  private void awaitIdle() throws InterruptedException {
    for (int idle = 0; idle < IDLE_POLLS && !isTimeToFlush(); Thread.sleep(POLL)) {
      drains.forEach(Drain::ask);
      boolean allIdle = true;
      for (Drain drain : drains) {
        allIdle &= drain.hasAnswered() && drain.left == 0;
      }
      idle = allIdle ? idle + 1 : 0;
    }
    drains.forEach(Drain::endQuestion);
  }

  private boolean isTimeToFlush() {
    return deadline.remainingBefore(flushReserve).isZero();
  }

  private Attempts begin(String step, Predicate<Drain> who, Action action) {
    List<Drain> chosen = drains.stream().filter(who).toList();
    return new Attempts(
        step,
        chosen,
        chosen.stream()
            .map(
                drain ->
                    Thread.ofVirtual()
                        .name(step + "-" + drain.name)
                        .start(() -> drain.attempt(step, action)))
            .toList());
  }

  @FunctionalInterface
  private interface Action {
    void on(Drain drain) throws Exception;
  }

  /** One step, under way for each of the chosen. */
  private final class Attempts {

    private final String step;
    private final List<Drain> chosen;
    private final List<Thread> threads;

    Attempts(String step, List<Drain> chosen, List<Thread> threads) {
      this.step = step;
      this.chosen = chosen;
      this.threads = threads;
    }

    void join(Duration reserve) throws InterruptedException {
      for (int i = 0; i < threads.size(); i++) {
        if (!threads.get(i).join(deadline.remainingBefore(reserve))) {
          chosen.get(i).cutOff(step);
          threads.get(i).interrupt();
        }
      }
    }
  }

  private static final class Drain {

    private final DrainableWork work;
    private final String name;
    private final long start = System.nanoTime();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private volatile List<String> threads = List.of();
    private volatile long end = start;
    private Thread question = new Thread();
    private volatile int most;
    private volatile int left;
    private volatile int givenBack;
    private volatile int abandoned;
    private volatile String cutOffStep = "";

    Drain(DrainableWork work) {
      this.work = work;
      this.name = nameOf(work);
    }

    private String nameOf(DrainableWork work) {
      try {
        return work.name();
      } catch (RuntimeException | Error failure) {
        note("name failed: " + failure);
        return work.getClass().getName();
      }
    }

    boolean isIntake() {
      return work instanceof Intake;
    }

    void attempt(String step, Action action) {
      try {
        action.on(this);
      } catch (Throwable failure) {
        // The interrupt after the cut is our own doing and has been reported.
        if (!step.equals(cutOffStep)) {
          problems.add(step + " failed: " + failure);
        }
      }
    }

    void cutOff(String step) {
      cutOffStep = step;
      problems.add(step + " did not end in time");
    }

    /** Asks what is in flight, unless the last time is still unanswered. */
    void ask() {
      if (!question.isAlive()) {
        question = Thread.ofVirtual().name("in-flight-" + name).start(this::look);
      }
    }

    boolean hasAnswered() throws InterruptedException {
      return question.join(ANSWER);
    }

    void endQuestion() {
      if (question.isAlive()) {
        question.interrupt();
        note("inFlight did not answer in time");
      }
    }

    private void look() {
      int before = left;
      left = inFlight();
      most = Math.max(most, left);
      if (before > 0 || left > 0) {
        end = System.nanoTime();
      }
    }

    /** Who cannot say what is in flight cannot be awaited. */
    private int inFlight() {
      try {
        return Math.max(0, work.inFlight());
      } catch (RuntimeException | Error failure) {
        note("inFlight failed: " + failure);
        return 0;
      }
    }

    private Collection<Thread> threadsOfWork() {
      try {
        return work.threads();
      } catch (RuntimeException | Error failure) {
        note("threads failed: " + failure);
        return List.of();
      }
    }

    private void note(String problem) {
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
    }

    void stopIntake() throws InterruptedException {
      // What was in flight before counts, also where it ends by the stop.
      hasAnswered();
      work.stopIntake();
    }

    private static String dump(Thread thread) {
      return Arrays.stream(thread.getStackTrace())
          .limit(STACK_DEPTH)
          .map(frame -> "\n\tat " + frame)
          .collect(Collectors.joining("", thread.getName(), ""));
    }

    void giveBack(Deadline deadline) throws Exception {
      abandoned = left;
      if (left > 0) {
        threads = threadsOfWork().stream().map(Drain::dump).toList();
      }
      givenBack = work.giveBack(deadline);
      if (left > 0) {
        abandoned = Math.min(left, inFlight());
      }
    }

    void flush(Deadline deadline) throws Exception {
      if (left > 0) {
        threadsOfWork().forEach(Thread::interrupt);
      }
      work.flush(deadline);
    }

    WorkOutcome outcome() {
      return new WorkOutcome(
          name,
          Duration.ofNanos(end - start),
          most - left,
          left,
          givenBack,
          abandoned,
          List.copyOf(problems),
          threads);
    }
  }
}
