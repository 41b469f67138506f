package dev.backline.gracefulshutdown;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that is awaited by counting it, whatever runs it: threads of any kind, executors, futures of
 * asynchronous clients. It goes on taking work during the drain, since what is drained beside it
 * may still hand something over.
 */
public final class WorkInFlight implements DrainableWork {

  private final String name;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /**
   * @param name see {@link DrainableWork#name()}
   */
  public WorkInFlight(String name) {
    this.name = name;
  }

  /** A task that counts from the moment it begins to run until it ends. */
  public Runnable whileRunning(Runnable task) {
    return () -> {
      inFlight.incrementAndGet();
      runAndEnd(task);
    };
  }

  /**
   * An executor whose tasks count from the moment they are handed over until they end, the time in
   * a queue included. A task that the executor refuses doesn't count.
   */
  public Executor track(Executor executor) {
    return task -> {
      inFlight.incrementAndGet();
      try {
        executor.execute(() -> runAndEnd(task));
      } catch (RejectedExecutionException refused) {
        inFlight.decrementAndGet();
        throw refused;
      }
    };
  }

  /** Counts until the stage completes, however it does. Returns the same stage. */
  public <S extends CompletionStage<?>> S track(S stage) {
    inFlight.incrementAndGet();
    stage.whenComplete((value, failure) -> inFlight.decrementAndGet());
    return stage;
  }

  private void runAndEnd(Runnable task) {
    Thread current = Thread.currentThread();
    // Whoever runs a task within a task of the same work stays known until the outer one ends.
    boolean outermost = threads.add(current);
    try {
      task.run();
    } finally {
      if (outermost) {
        threads.remove(current);
      }
      inFlight.decrementAndGet();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void stopIntake() {}

  @Override
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public Collection<Thread> threads() {
    return List.copyOf(threads);
  }
}
