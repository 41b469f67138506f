package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Intake;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;

/**
 * Protects the task while a message takes long, and releases it when none does, or when the task is
 * told to stop. What the agent answers never reaches a handler: a task that cannot be protected
 * works as one without protection.
 */
final class ScaleInProtection implements Intake, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ScaleInProtection.class);

  /** How long a task stays unprotected after the threshold, or protected without reason. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /** ECS throttles, and a permission that is missing is not there a second later either. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private final EcsAgent agent;
  private final ScaleInProtectionProperties properties;
  private final Supplier<Duration> longestHandling;
  private final Duration afterFailure;
  private final LongSupplier nanoTime;

  private boolean maybeProtected;
  private boolean released;
  private boolean failing;
  private long nextCallAt;
  private volatile @Nullable Thread thread;

  /**
   * @param longestHandling how long the oldest message has been handled, zero when none is
   */
  ScaleInProtection(
      EcsAgent agent, ScaleInProtectionProperties properties, Supplier<Duration> longestHandling) {
    this(agent, properties, longestHandling, AFTER_FAILURE, System::nanoTime);
  }

  ScaleInProtection(
      EcsAgent agent,
      ScaleInProtectionProperties properties,
      Supplier<Duration> longestHandling,
      Duration afterFailure,
      LongSupplier nanoTime) {
    this.agent = agent;
    this.properties = properties;
    this.longestHandling = longestHandling;
    this.afterFailure = afterFailure;
    this.nanoTime = nanoTime;
    this.nextCallAt = nanoTime.getAsLong();
  }

  @Override
  public synchronized void start() {
    released = false;
    thread = Thread.ofVirtual().name(name()).start(this::watch);
  }

  private void watch() {
    try {
      for (; ; Thread.sleep(LOOK)) {
        look();
      }
    } catch (InterruptedException stopped) {
      // The end of the watch.
    }
  }

  synchronized void look() throws InterruptedException {
    if (released) {
      return;
    }
    Duration longest = longestHandling.get();
    boolean wanted = longest.isPositive() && longest.compareTo(properties.after()) >= 0;
    boolean due = nanoTime.getAsLong() - nextCallAt >= 0;
    if (wanted && due) {
      call(true, properties.expiresIn().dividedBy(2));
    } else if (!wanted && maybeProtected && (due || !failing)) {
      call(false, Duration.ZERO);
    }
  }

  private void call(boolean protect, Duration untilNext) throws InterruptedException {
    try {
      if (protect) {
        // An answer that is lost may have been a yes.
        maybeProtected = true;
        agent.protect(properties.expiresIn());
      } else {
        agent.release();
        maybeProtected = false;
      }
      failing = false;
      nextCallAt = nanoTime.getAsLong() + untilNext.toNanos();
    } catch (IOException | RuntimeException failure) {
      // Once, until it works again: it would be the same line every half minute.
      log.atLevel(failing ? Level.DEBUG : Level.WARN)
          .log(
              "ECS scale-in protection could not be {}: {}",
              protect ? "set" : "released",
              failure.toString());
      failing = true;
      nextCallAt = nanoTime.getAsLong() + afterFailure.toNanos();
    }
  }

  @Override
  public String name() {
    return "scale-in-protection";
  }

  /** A task that has begun to stop protects nothing any more. */
  @Override
  public void stopIntake() {
    // Ends a call that is under way, too.
    stop();
    try {
      synchronized (this) {
        released = true;
        if (maybeProtected) {
          call(false, Duration.ZERO);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public void stop() {
    Thread watching = thread;
    thread = null;
    if (watching != null) {
      watching.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }
}
