package dev.backline.eventworker.inbox;

import java.util.Locale;

/**
 * A message that no number of deliveries will make acceptable; it goes to the dead-letter queue at
 * once.
 *
 * <p>The detail names the field and the rule, never the value: dead-letter queues are read by
 * people.
 */
public final class PoisonMessageException extends RuntimeException {

  /** Why a message was put aside; the kebab-case name is the message attribute {@code reason}. */
  public enum Reason {
    /** The body is not one JSON document. */
    NOT_JSON,
    /** JSON, but not a message of this queue. */
    UNKNOWN_TYPE,
    /** A message of this queue in a version of its schema that is not understood. */
    UNSUPPORTED_VERSION,
    MISSING_FIELD,
    INVALID_FIELD,
    /** More entries than one message may carry. */
    TOO_LARGE,
    /** A click that is too old or lies in the future. */
    OUT_OF_TIME,
    /** Another message was counted under the same batch id. */
    BATCH_REUSED,
    /** DynamoDB refuses the write itself. */
    REFUSED,
    /** Handling failed at each of the allowed deliveries. */
    EXHAUSTED;

    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;
  private final String detail;

  public PoisonMessageException(Reason reason, String detail) {
    super(reason.text() + ": " + detail);
    this.reason = reason;
    this.detail = detail;
  }

  public Reason reason() {
    return reason;
  }

  public String detail() {
    return detail;
  }
}
