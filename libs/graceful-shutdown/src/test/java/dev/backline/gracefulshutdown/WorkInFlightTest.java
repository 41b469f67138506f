package dev.backline.gracefulshutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WorkInFlightTest {

  private final WorkInFlight work = new WorkInFlight("exports");

  @Test
  void aTaskCountsFromItsHandOverToItsEnd() {
    Queue<Runnable> queue = new ArrayDeque<>();

    work.track((Executor) queue::add).execute(() -> assertThat(work.threads()).hasSize(1));

    assertThat(work.inFlight()).isEqualTo(1);
    assertThat(work.threads()).isEmpty();
    queue.remove().run();
    assertThat(work.inFlight()).isZero();
    assertThat(work.threads()).isEmpty();
  }

  @Test
  void aTaskThatFailsHasEnded() {
    Executor executor = work.track((Executor) Runnable::run);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                executor.execute(
                    () -> {
                      throw new IllegalStateException("on purpose");
                    }));

    assertThat(work.inFlight()).isZero();
    assertThat(work.threads()).isEmpty();
  }

  @Test
  void aTaskThatIsRefusedDoesNotCount() {
    Executor full =
        work.track(
            (Executor)
                task -> {
                  throw new RejectedExecutionException("full");
                });

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> full.execute(() -> {}));

    assertThat(work.inFlight()).isZero();
  }

  @Test
  void aDecoratedTaskCountsWheneverItRuns() {
    Runnable task = work.whileRunning(() -> assertThat(work.inFlight()).isEqualTo(1));

    task.run();
    task.run();

    assertThat(work.inFlight()).isZero();
  }

  @Test
  void aFutureCountsUntilItIsCompletedFailedOrCancelled() {
    CompletableFuture<String> completed = work.track(new CompletableFuture<>());
    CompletableFuture<String> failed = work.track(new CompletableFuture<>());
    CompletableFuture<String> cancelled = work.track(new CompletableFuture<>());
    assertThat(work.inFlight()).isEqualTo(3);

    completed.complete("done");
    failed.completeExceptionally(new IllegalStateException("on purpose"));
    cancelled.cancel(true);

    assertThat(work.inFlight()).isZero();
  }

  @Test
  void threadsOfAnyKindAreKnownWhileTheyRun() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor();
        var pool = Executors.newSingleThreadExecutor()) {
      for (Executor executor : new Executor[] {virtual, pool}) {
        work.track(executor).execute(() -> awaitQuietly(end));
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> work.threads().size() == 2);
      assertThat(work.threads()).extracting(Thread::isVirtual).containsOnlyOnce(true);
      end.countDown();
    }
    assertThat(work.inFlight()).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
