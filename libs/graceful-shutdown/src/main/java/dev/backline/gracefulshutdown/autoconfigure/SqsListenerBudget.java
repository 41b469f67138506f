package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.ShutdownBudget;
import io.awspring.cloud.sqs.listener.SqsContainerOptions;
import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fits listener containers into the budget: what the team left at Spring Cloud AWS's default is
 * set, what the team chose is kept, and refused where it doesn't fit.
 *
 * <p>A listener stops beside the lame duck, in two steps one after the other: messages, then
 * acknowledgements. The defaults for them, 20 s each, add up to more than ECS gives.
 */
final class SqsListenerBudget {

  /** Spring Cloud AWS's defaults; whatever differs was chosen by the team. */
  private static final Duration UNTOUCHED_SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration UNTOUCHED_POLL_TIMEOUT = Duration.ofSeconds(10);

  /** Acknowledgements are sent at once, or flushed: there is nothing to wait for. */
  private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(2);

  private final ShutdownBudget budget;
  private final boolean immediateAcknowledgement;
  private final @Nullable Duration pollTimeout;

  /**
   * @param pollTimeout {@code null} leaves the team's
   */
  SqsListenerBudget(
      ShutdownBudget budget, boolean immediateAcknowledgement, @Nullable Duration pollTimeout) {
    this.budget = budget;
    this.immediateAcknowledgement = immediateAcknowledgement;
    this.pollTimeout = pollTimeout;
  }

  /**
   * @throws dev.backline.gracefulshutdown.InvalidShutdownBudgetException if the team's choice does
   *     not fit; says which number to change to what
   */
  void fit(String listener, SqsContainerOptionsBuilder options) {
    SqsContainerOptions chosen = options.createCopy().build();
    fitShutdown(listener, chosen, options);
    fitPoll(listener, chosen, options);
    if (immediateAcknowledgement) {
      // Compared by identity in Spring Cloud AWS: it has to be this very instance.
      options.acknowledgementInterval(Duration.ZERO).acknowledgementThreshold(0);
    }
  }

  private void fitShutdown(
      String listener, SqsContainerOptions chosen, SqsContainerOptionsBuilder options) {
    Duration total = budget.total();
    Duration messages = chosen.getListenerShutdownTimeout();
    Duration acknowledgements = chosen.getAcknowledgementShutdownTimeout();
    boolean messagesUntouched = messages.equals(UNTOUCHED_SHUTDOWN_TIMEOUT);
    boolean acknowledgementsUntouched = acknowledgements.equals(UNTOUCHED_SHUTDOWN_TIMEOUT);
    if (acknowledgementsUntouched) {
      Duration left =
          messagesUntouched ? budget.flushReserve().dividedBy(2) : total.minus(messages);
      acknowledgements = shorter(ACKNOWLEDGEMENT, left.isNegative() ? Duration.ZERO : left);
    }
    if (messagesUntouched) {
      budget.requireFits(
          "acknowledgementShutdownTimeout of the SQS listener " + listener,
          acknowledgements,
          total);
      messages = total.minus(acknowledgements);
    }
    budget.requireFits(
        "listenerShutdownTimeout of the SQS listener " + listener,
        messages,
        total.minus(acknowledgements));
    options.listenerShutdownTimeout(messages).acknowledgementShutdownTimeout(acknowledgements);
  }

  private void fitPoll(
      String listener, SqsContainerOptions chosen, SqsContainerOptionsBuilder options) {
    Duration longest = budget.drain();
    if (pollTimeout != null && chosen.getPollTimeout().equals(UNTOUCHED_POLL_TIMEOUT)) {
      options.pollTimeout(shorter(pollTimeout, longest));
    } else {
      budget.requireFits(
          "pollTimeout of the SQS listener " + listener, chosen.getPollTimeout(), longest);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
