package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DrainSequenceTest {

  private static final Duration RESERVE = Duration.ofMillis(200);

  private final ConcurrentLinkedQueue<String> steps = new ConcurrentLinkedQueue<>();

  @Test
  void allStopBeforeOneIsAwaitedAndAllAreIdleBeforeOneIsFlushed() throws Exception {
    List<WorkOutcome> outcomes = drain(Duration.ofSeconds(20), new Worker("a"), new Worker("b"));

    assertThat(outcomes).allMatch(WorkOutcome::drained);
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

    assertThat(outcomes.get(0).drained()).isFalse();
    assertThat(outcomes.get(0).toString()).contains("broken", "flush failed", "queue is gone");
    assertThat(outcomes.get(1).drained()).isTrue();
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

    List<WorkOutcome> outcomes = drain(Duration.ofMillis(500), hanging, new Worker("b"));

    interrupted.await();
    assertThat(outcomes.get(0).problems()).containsExactly("flush did not end in time");
    assertThat(outcomes.get(1).drained()).isTrue();
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

    List<WorkOutcome> outcomes = drain(Duration.ofMillis(500), endless, new Worker("b"));

    assertThat(outcomes.get(0).abandoned()).isEqualTo(3);
    assertThat(outcomes.get(0).toString()).isEqualTo("a: 3 abandoned");
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

    List<WorkOutcome> outcomes = drain(Duration.ofMillis(500), unlucky);

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
  void anIntakeThatDoesNotEndIsNamed() throws Exception {
    IntakeStop stop =
        IntakeStop.begin(
            List.of(
                intake("endless", () -> new CountDownLatch(1).await()),
                intake(
                    "broken",
                    () -> {
                      throw new IOException("no network");
                    }),
                intake("fine", () -> {})));

    List<WorkOutcome> outcomes =
        stop.await(Deadline.after(Duration.ofMillis(300)), Duration.ofMillis(100));

    assertThat(outcomes.get(0).problems()).containsExactly("stop did not end in time");
    assertThat(outcomes.get(1).problems().getFirst()).contains("no network");
    assertThat(outcomes.get(2).drained()).isTrue();
  }

  private static List<WorkOutcome> drain(Duration total, Worker... works)
      throws InterruptedException {
    return DrainSequence.run(List.of(works), Deadline.after(total), RESERVE);
  }

  private interface Stop {
    void run() throws Exception;
  }

  private static Intake intake(String name, Stop stop) {
    return new Intake() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void stop() throws Exception {
        stop.run();
      }
    };
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
