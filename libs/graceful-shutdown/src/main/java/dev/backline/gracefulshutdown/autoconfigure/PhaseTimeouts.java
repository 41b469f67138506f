package dev.backline.gracefulshutdown.autoconfigure;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Spring waits up to {@code spring.lifecycle.timeout-per-shutdown-phase} in each phase, so two slow
 * phases take twice as long. While the service stops, each may only take what is left of the one
 * deadline.
 */
final class PhaseTimeouts {

  /** Between two phases a stale timeout is too long by this. */
  private static final Duration LOOK = Duration.ofMillis(10);

  private final ApplicationContext context;

  PhaseTimeouts(ApplicationContext context) {
    this.context = context;
  }

  /**
   * Gives each phase what is left when it begins to stop, until the drain begins: phases that take
   * what was left at the first one's begin would add up.
   */
  void follow(Supplier<Duration> left, BooleanSupplier drainHasBegun) {
    set(left.get());
    Thread.ofVirtual()
        .name("phase-timeouts")
        .start(
            () -> {
              try {
                while (!drainHasBegun.getAsBoolean() && left.get().isPositive()) {
                  Thread.sleep(LOOK);
                  if (!drainHasBegun.getAsBoolean()) {
                    set(left.get());
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Takes effect on the phases that have not begun to stop. */
  void set(Duration timeout) {
    if (context instanceof AbstractApplicationContext spring
        && spring
                .getBeanFactory()
                .getSingleton(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
            instanceof DefaultLifecycleProcessor processor) {
      processor.setTimeoutPerShutdownPhase(Math.max(1, timeout.toMillis()));
    }
  }
}
