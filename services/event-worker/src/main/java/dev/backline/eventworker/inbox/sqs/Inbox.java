package dev.backline.eventworker.inbox.sqs;

import dev.backline.eventworker.inbox.InboxProperties;
import dev.backline.eventworker.inbox.IntakeGate;
import dev.backline.eventworker.inbox.PoisonMessageException;
import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import dev.backline.eventworker.inbox.StoreUnavailableException;
import dev.backline.xraytracing.TraceContext;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** The way of every message: handled, put aside with a reason, or left for another delivery. */
public final class Inbox {

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final DeadLetters deadLetters;
  private final IntakeGate gate;
  private final TraceContext traces;
  private final InboxProperties properties;

  Inbox(DeadLetters deadLetters, IntakeGate gate, TraceContext traces, InboxProperties properties) {
    this.deadLetters = deadLetters;
    this.gate = gate;
    this.traces = traces;
    this.properties = properties;
  }

  /**
   * Returns when the message may be acknowledged.
   *
   * @param work what the trace calls it
   * @param handler gets the body
   * @throws RuntimeException when the message is to be delivered again
   */
  public void receive(
      String work, Message message, String deadLetterQueue, Consumer<String> handler) {
    String trace = message.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER);
    traces.run(trace, work, () -> handle(message, deadLetterQueue, handler));
  }

  private void handle(Message message, String deadLetterQueue, Consumer<String> handler) {
    try {
      handler.accept(message.body());
      gate.storeAnswered();
    } catch (PoisonMessageException poison) {
      deadLetters.put(deadLetterQueue, message, poison);
    } catch (RuntimeException failure) {
      if (failure instanceof StoreUnavailableException) {
        gate.storeFailed();
      }
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      if (receives(message) < properties.maxReceives()) {
        if (failure instanceof StoreUnavailableException || failure instanceof SdkException) {
          LOG.warn(
              "Message {} is left for another delivery: {} ({})",
              message.messageId(),
              failure.getMessage(),
              cause.getMessage());
        } else {
          LOG.error("Message {} is left for another delivery", message.messageId(), failure);
        }
        throw failure;
      }
      deadLetters.put(
          deadLetterQueue,
          message,
          new PoisonMessageException(
              Reason.EXHAUSTED,
              "%d deliveries, the last one: %s"
                  .formatted(receives(message), cause.getClass().getSimpleName())));
    }
  }

  private static int receives(Message message) {
    String count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    return count == null ? 1 : Integer.parseInt(count);
  }
}
