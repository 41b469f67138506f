package dev.backline.servicedefaults.health;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Asks one dependency, in bounded time. A check that hangs is waited for by later ones instead of
 * being started again, so that a dead dependency holds one thread and not one per probe.
 */
final class DependencyHealth implements HealthIndicator {

  /** Something optional is missing: the service works, with less. */
  static final Status DEGRADED = new Status("DEGRADED");

  private static final Logger log = LoggerFactory.getLogger(DependencyHealth.class);

  /** A real call to the dependency; answers details to show. */
  @FunctionalInterface
  interface Check {
    Map<String, ?> run() throws Exception;
  }

  private final String name;
  private final Duration timeout;
  private final Status missing;
  private final Check check;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable FutureTask<Map<String, ?>> running;
  private volatile boolean wellBefore = true;

  DependencyHealth(String name, Duration timeout, boolean optional, Check check) {
    this.name = name;
    this.timeout = timeout;
    this.missing = optional ? DEGRADED : Status.DOWN;
    this.check = check;
  }

  @Override
  public Health health() {
    try {
      Map<String, ?> details = current().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (!wellBefore) {
        log.info("{} answers again", name);
      }
      wellBefore = true;
      return Health.up().withDetails(details).build();
    } catch (TimeoutException e) {
      return notWell("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      // The future of an asynchronous client wraps its failure once more.
      Throwable cause = e.getCause();
      return notWell(
          String.valueOf(cause instanceof ExecutionException nested ? nested.getCause() : cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notWell("interrupted");
    }
  }

  private Health notWell(String reason) {
    if (wellBefore) {
      log.warn("{} is {}: {}", name, missing, reason);
    }
    wellBefore = false;
    return Health.status(missing).withDetail("error", reason).build();
  }

  private FutureTask<Map<String, ?>> current() {
    lock.lock();
    try {
      FutureTask<Map<String, ?>> task = running;
      if (task == null || task.isDone()) {
        task = new FutureTask<>(check::run);
        running = task;
        Thread.ofVirtual().name("health-" + name).start(task);
      }
      return task;
    } finally {
      lock.unlock();
    }
  }
}
