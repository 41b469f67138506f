package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DrainSequenceTest {

  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final ConcurrentLinkedQueue<String> steps = new ConcurrentLinkedQueue<>();

  @Test
  void allStopBeforeOneIsAwaitedAndAllAreIdleBeforeOneIsFlushed() throws Exception {
    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), new Worker("a"), new Worker("b"));

    assertThat(outcomes).allMatch(WorkOutcome::complete);
    assertThat(steps.stream().map(step -> step.substring(2)))
        .containsExactly("stop", "stop", "idle", "idle", "flush", "flush");
  }

  @Test
  void workThatFeedsAnotherIsFinishedBeforeTheOtherIsFlushed() throws Exception {
    AtomicInteger buffer = new AtomicInteger();
    AtomicInteger flushed = new AtomicInteger(-1);
    Worker source =
        new Worker("a") {
          @Override
          public int inFlight() {
            int left = super.inFlight();
            if (left == 0) {
              buffer.set(7);
            }
            return left;
          }
        };
    Worker sink =
        new Worker("b") {
          @Override
          public void flush(Deadline deadline) {
            flushed.set(buffer.get());
          }
        };

    drain(Duration.ofSeconds(20), source, sink);

    assertThat(flushed).hasValue(7);
  }

  @Test
  void aFlushThatThrowsIsNamedAndTheOthersFlush() throws Exception {
    Worker broken =
        new Worker("broken") {
          @Override
          public void flush(Deadline deadline) throws Exception {
            throw new IOException("queue is gone");
          }
        };

    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), broken, new Worker("b"));

    assertThat(outcomes.get(0).complete()).isFalse();
    assertThat(outcomes.get(0).toString()).contains("broken", "flush failed", "queue is gone");
    assertThat(outcomes.get(1).complete()).isTrue();
    assertThat(steps).contains("b flush");
  }

  @Test
  void aFlushThatHangsIsInterruptedAtTheDeadlineAndNamed() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Worker hanging =
        new Worker("hanging") {
          @Override
          public void flush(Deadline deadline) throws Exception {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw e;
            }
          }
        };

    List<WorkOutcome> outcomes =
        DrainSequence.begin(
                List.of(hanging, new Worker("b")),
                Deadline.after(Duration.ofSeconds(2)),
                Duration.ofSeconds(1))
            .finish();

    interrupted.await();
    assertThat(outcomes.get(0).problems()).containsExactly("flush did not end in time");
    assertThat(outcomes.get(1).complete()).isTrue();
  }

  @Test
  void workThatNeverEndsIsCountedAsAbandonedAndEveryoneStillFlushes() throws Exception {
    Worker endless =
        new Worker("a") {
          @Override
          public int inFlight() {
            return 3;
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), endless, new Worker("b"));

    assertThat(outcomes.get(0).abandoned()).isEqualTo(3);
    assertThat(outcomes.get(0).toString()).isEqualTo("a: 0 drained, 3 cut off, 3 abandoned");
    assertThat(steps).contains("a flush", "b flush");
  }

  @Test
  void aFailureAfterACutIsStillNamed() throws Exception {
    Worker unlucky =
        new Worker("a") {
          @Override
          public int inFlight() {
            return 1;
          }

          @Override
          public void flush(Deadline deadline) throws Exception {
            throw new IOException("and the queue is gone");
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), unlucky);

    assertThat(outcomes.getFirst().abandoned()).isEqualTo(1);
    assertThat(outcomes.getFirst().problems()).singleElement().asString().contains("queue is gone");
  }

  @Test
  void aStopThatThrowsOrHangsDoesNotKeepItFromFlushing() throws Exception {
    Worker throwing =
        new Worker("a") {
          @Override
          public void stopIntake() {
            throw new IllegalStateException("never started");
          }
        };

    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), throwing);

    assertThat(outcomes.getFirst().problems()).singleElement().asString().contains("never started");
    assertThat(steps).contains("a flush");
  }

  @Test
  void anIntakeStopsAtOnceAndTheOthersOnlyWhenTheRestIsTold() throws Exception {
    Worker queue = new IntakeWorker("a");
    Worker buffer = new Worker("b");

    DrainSequence sequence =
        DrainSequence.begin(
            List.of(buffer, queue), Deadline.after(Duration.ofSeconds(20)), RESERVE);
    await().atMost(Duration.ofMinutes(1)).until(() -> steps.contains("a stop"));
    assertThat(steps).doesNotContain("b stop");
    sequence.finish();

    assertThat(steps).contains("b stop");
  }

  @Test
  void anIntakeWhoseStopDoesNotEndIsNamed() throws Exception {
    Worker endless =
        new IntakeWorker("endless") {
          @Override
          public void stopIntake() {
            LockSupport.park();
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), endless, new Worker("b"));

    assertThat(outcomes.get(0).problems()).containsExactly("stop-intake did not end in time");
    assertThat(steps).contains("endless flush", "b flush");
  }

  @Test
  void workThatIsHandedOverBetweenTwoLooksIsAwaited() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Worker second =
        new Worker("b") {
          @Override
          public int inFlight() {
            // Idle when first asked, then busy with what the other one handed over.
            return switch (looks.incrementAndGet()) {
              case 3, 4, 5 -> 1;
              default -> 0;
            };
          }
        };

    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), second);

    assertThat(looks.get()).isGreaterThan(5);
    assertThat(outcomes.getFirst().drained()).isEqualTo(1);
  }

  @Test
  void whatIsLeftIsShownThenGivenBackThenInterrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .name("handler-1")
            .start(
                () -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    steps.add("interrupt");
                    interrupted.countDown();
                  }
                });
    Worker listener =
        new Worker("a") {
          private volatile int left = 3;

          @Override
          public int inFlight() {
            return left;
          }

          @Override
          public Collection<Thread> threads() {
            return List.of(thread);
          }

          @Override
          public int giveBack(Deadline deadline) {
            steps.add("give back");
            left = 1;
            return 2;
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), listener);

    interrupted.await();
    WorkOutcome outcome = outcomes.getFirst();
    assertThat(outcome.toString()).isEqualTo("a: 0 drained, 3 cut off, 2 given back, 1 abandoned");
    assertThat(outcome.threads())
        .singleElement()
        .asString()
        .contains("handler-1", "CountDownLatch.await");
    assertThat(steps.stream().filter(step -> step.equals("give back") || step.equals("interrupt")))
        .containsExactly("give back", "interrupt");
  }

  @Test
  void aGiveBackThatHangsLeavesTimeForTheFlush() throws Exception {
    Worker hanging =
        new Worker("a") {
          @Override
          public int giveBack(Deadline deadline) {
            LockSupport.park();
            return 0;
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), hanging);

    assertThat(outcomes.getFirst().problems()).containsExactly("give-back did not end in time");
    assertThat(steps).contains("a flush");
  }

  @Test
  void workThatCannotSayWhatIsInFlightIsNamedAndNotAwaited() throws Exception {
    Worker broken =
        new Worker("a") {
          @Override
          public int inFlight() {
            throw new IllegalStateException("closed");
          }
        };

    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), broken, new Worker("b"));

    assertThat(outcomes.getFirst().problems()).singleElement().asString().contains("closed");
    assertThat(steps).contains("a flush", "b flush");
  }

  @Test
  void workThatDoesNotAnswerWhatIsInFlightIsNamed() throws Exception {
    AtomicInteger questions = new AtomicInteger();
    Worker mute =
        new Worker("a") {
          @Override
          public int inFlight() {
            if (questions.incrementAndGet() > 1) {
              for (boolean forever = true; forever; ) {
                LockSupport.park();
                forever = !steps.contains("b flush");
              }
            }
            return 0;
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), mute, new Worker("b"));

    assertThat(outcomes.get(0).problems()).contains("inFlight did not answer in time");
    assertThat(steps).contains("b flush");
  }

  @Test
  void workThatAnswersNothingFromTheBeginHoldsUpNobody() throws Exception {
    Worker mute =
        new Worker("a") {
          @Override
          public int inFlight() {
            while (!steps.contains("b flush")) {
              LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            return 0;
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusSeconds(2), mute, new Worker("b"));

    assertThat(outcomes.get(0).problems()).contains("inFlight did not answer in time");
    assertThat(outcomes.get(1).toString()).isEqualTo("b: 3 drained");
  }

  @Test
  void anErrorInOneDoesNotEndTheWaitForTheOthers() throws Exception {
    Worker broken =
        new Worker("a") {
          @Override
          public int inFlight() {
            if (steps.contains("a stop")) {
              throw new NoClassDefFoundError("gone");
            }
            return 0;
          }
        };

    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), broken, new Worker("b"));

    assertThat(outcomes.get(0).problems()).singleElement().asString().contains("gone");
    assertThat(outcomes.get(1).complete()).isTrue();
  }

  @Test
  void workThatCannotNameItsThreadsOrItselfIsGivenBackAndAllFlush() throws Exception {
    Worker broken =
        new Worker("a") {
          @Override
          public String name() {
            throw new IllegalStateException("no name");
          }

          @Override
          public int inFlight() {
            return 1;
          }

          @Override
          public Collection<Thread> threads() {
            throw new IllegalStateException("no threads");
          }

          @Override
          public int giveBack(Deadline deadline) {
            steps.add("a give back");
            return 1;
          }
        };

    List<WorkOutcome> outcomes = drain(RESERVE.plusMillis(300), broken, new Worker("b"));

    assertThat(outcomes.get(0).problems())
        .anyMatch(problem -> problem.contains("no name"))
        .anyMatch(problem -> problem.contains("no threads"));
    assertThat(steps).contains("a give back", "a flush", "b flush");
  }

  private static List<WorkOutcome> drain(Duration total, Worker... works)
      throws InterruptedException {
    return DrainSequence.begin(List.of(works), Deadline.after(total), RESERVE).finish();
  }

  private class IntakeWorker extends Worker implements Intake {

    IntakeWorker(String name) {
      super(name);
    }
  }

  private class Worker implements DrainableWork {

    private final String name;
    private final AtomicInteger inFlight = new AtomicInteger(3);

    Worker(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void stopIntake() {
      steps.add(name + " stop");
    }

    @Override
    public int inFlight() {
      int left = inFlight.getAndDecrement();
      if (left == 0) {
        steps.add(name + " idle");
      }
      return Math.max(0, left);
    }

    @Override
    public void flush(Deadline deadline) throws Exception {
      steps.add(name + " flush");
    }
  }
}
