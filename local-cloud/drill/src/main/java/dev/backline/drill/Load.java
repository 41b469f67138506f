package dev.backline.drill;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A constant load: so many units per second whatever becomes of those before (open loop). A closed
 * loop would wait for a service that is slow, and so spare it.
 */
final class Load implements AutoCloseable {

  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ExecutorService units = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread clock;

  /** One unit of load. */
  @FunctionalInterface
  interface Unit {
    void run() throws Exception;
  }

  private Load(int perSecond, Unit unit) {
    this.clock = Thread.ofPlatform().name("load").start(() -> run(perSecond, unit));
  }

  static Load start(int perSecond, Unit unit) {
    return new Load(perSecond, unit);
  }

  private void run(int perSecond, Unit unit) {
    long begin = System.nanoTime();
    for (long i = 0; !ended.get(); i++) {
      long due = begin + i * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      units.execute(() -> run(unit));
    }
  }

  private void run(Unit unit) {
    try {
      unit.run();
    } catch (Exception e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Throws where the load itself, not the service, has failed. */
  void requireNoFailure() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("The load itself has failed", cause);
    }
  }

  /** Sends no more, and waits for all that was sent. */
  @Override
  public void close() {
    ended.set(true);
    try {
      clock.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    units.close();
  }
}
