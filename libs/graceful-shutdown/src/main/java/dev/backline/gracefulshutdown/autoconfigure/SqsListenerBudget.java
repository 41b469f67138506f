package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.ShutdownBudget;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Fits listener containers into the budget. Their own defaults, 20 s for messages plus 20 s for
 * acknowledgements, add up to more than ECS gives.
 */
final class SqsListenerBudget implements BeanPostProcessor {

  /** Immediate acknowledgements leave nothing to wait for but calls under way. */
  private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(2);

  /** Spring Cloud AWS's default; whatever differs was chosen by the team. */
  private static final Duration UNTOUCHED_POLL_TIMEOUT = Duration.ofSeconds(10);

  private final ShutdownBudget budget;
  private final boolean immediateAcknowledgement;
  private final @Nullable Duration pollTimeout;

  /**
   * @param pollTimeout {@code null} leaves the factory's
   */
  SqsListenerBudget(
      ShutdownBudget budget, boolean immediateAcknowledgement, @Nullable Duration pollTimeout) {
    this.budget = budget;
    this.immediateAcknowledgement = immediateAcknowledgement;
    this.pollTimeout = pollTimeout;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof SqsMessageListenerContainerFactory<?> factory) {
      factory.configure(
          options -> {
            Duration acknowledgement =
                ACKNOWLEDGEMENT.compareTo(budget.flushReserve()) < 0
                    ? ACKNOWLEDGEMENT
                    : budget.flushReserve();
            options
                .listenerShutdownTimeout(budget.drain())
                .acknowledgementShutdownTimeout(acknowledgement);
            if (immediateAcknowledgement) {
              // Compared by identity in Spring Cloud AWS: it has to be this very instance.
              options.acknowledgementInterval(Duration.ZERO).acknowledgementThreshold(0);
            }
            if (pollTimeout != null
                && options.createCopy().build().getPollTimeout().equals(UNTOUCHED_POLL_TIMEOUT)) {
              options.pollTimeout(pollTimeout);
            }
          });
    }
    return bean;
  }
}
