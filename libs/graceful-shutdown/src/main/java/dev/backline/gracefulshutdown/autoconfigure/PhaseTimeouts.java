package dev.backline.gracefulshutdown.autoconfigure;

import java.time.Duration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Spring waits up to {@code spring.lifecycle.timeout-per-shutdown-phase} in each phase, so two slow
 * phases take twice as long. While the service stops, each may only take what is left of the one
 * deadline.
 */
final class PhaseTimeouts {

  private final ApplicationContext context;

  PhaseTimeouts(ApplicationContext context) {
    this.context = context;
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
