package dev.backline.localcloud.sns;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message for one queue.
 *
 * @param traceHeader the X-Ray header of the publisher, which SNS hands on to SQS
 */
public record Delivery(
    String queue,
    String body,
    Map<String, MessageAttribute> attributes,
    @Nullable String traceHeader,
    @Nullable String groupId,
    @Nullable String deduplicationId) {

  /** Where deliveries go. */
  public interface Queues {

    /**
     * Sends one message.
     *
     * @throws UndeliverableException if the queue does not take it
     */
    void send(Delivery delivery);
  }

  /** A queue does not exist or refuses the message. */
  public static final class UndeliverableException extends RuntimeException {
    public UndeliverableException(String message) {
      super(message);
    }

    public UndeliverableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  Delivery to(String otherQueue) {
    return new Delivery(otherQueue, body, attributes, traceHeader, groupId, deduplicationId);
  }
}
