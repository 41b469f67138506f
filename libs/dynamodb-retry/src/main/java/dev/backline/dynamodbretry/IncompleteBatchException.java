package dev.backline.dynamodbretry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A batch that could not be completed: its time was over, or a call failed for good (then with a
 * cause). What is not listed here is done. Of a call that failed for good, some listed writes may
 * have been done too.
 */
public final class IncompleteBatchException extends RuntimeException {

  private final transient List<WriteRequest> unwritten;
  private final transient List<Map<String, AttributeValue>> unread;

  private IncompleteBatchException(
      String message,
      @Nullable Throwable cause,
      List<WriteRequest> unwritten,
      List<Map<String, AttributeValue>> unread) {
    super(message, cause);
    this.unwritten = List.copyOf(unwritten);
    this.unread = List.copyOf(unread);
  }

  static IncompleteBatchException ofWrites(
      String table, List<WriteRequest> left, @Nullable Throwable cause) {
    return new IncompleteBatchException(
        message(left.size(), "writes to", table, cause), cause, left, List.of());
  }

  static IncompleteBatchException ofReads(
      String table, List<Map<String, AttributeValue>> left, @Nullable Throwable cause) {
    return new IncompleteBatchException(
        message(left.size(), "reads of", table, cause), cause, List.of(), left);
  }

  /** Writes that were not done, in the order they were given. */
  public List<WriteRequest> unwritten() {
    return unwritten;
  }

  /** Keys that were not read, in the order they were given. */
  public List<Map<String, AttributeValue>> unread() {
    return unread;
  }

  private static String message(int count, String what, String table, @Nullable Throwable cause) {
    return count
        + " "
        + what
        + " "
        + table
        + " not done: "
        + (cause == null ? "out of time" : "a call failed");
  }
}
