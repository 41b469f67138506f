package dev.backline.gracefulshutdown.autoconfigure;

import io.awspring.cloud.sqs.listener.SqsHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * The messages of one listener container from their arrival until their handler has decided about
 * them: acknowledged, failed, or neither. Known by receipt handle, since that is what SQS wants for
 * giving back and deleting, and what a team's own interceptor has to leave in place.
 *
 * <p>It holds no more messages than the container has permits: whatever an arrival's processing
 * leaves behind is {@linkplain #forget forgotten} when that is over.
 */
final class MessagesInHand {

  private enum Progress {
    WAITING,
    HANDLING,
    ENDED
  }

  private static final class Held {

    private final Message<?> message;
    private Progress progress = Progress.WAITING;
    private long begunAt;
    private boolean acknowledged;

    private Held(Message<?> message) {
      this.message = message;
    }
  }

  private final Map<String, Held> held = new LinkedHashMap<>();
  private final Consumer<List<Message<?>>> giveBack;
  private boolean closed;
  private boolean cutOff;
  private boolean failureAcknowledges;

  /**
   * @param giveBack gets messages that are not, or not completely, handled; called without a lock
   */
  MessagesInHand(Consumer<List<Message<?>>> giveBack) {
    this.giveBack = giveBack;
  }

  /**
   * A container starts, for the first time or again.
   *
   * @param failureAcknowledges whether a message is deleted also when its handler fails
   */
  synchronized void open(boolean failureAcknowledges) {
    held.clear();
    closed = false;
    cutOff = false;
    this.failureAcknowledges = failureAcknowledges;
  }

  synchronized boolean closed() {
    return closed;
  }

  /** Begins no message from now on; those that wait are given back. */
  void close() {
    List<Message<?>> waiting = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Iterator<Held> each = held.values().iterator(); each.hasNext(); ) {
        Held message = each.next();
        if (message.progress == Progress.WAITING) {
          waiting.add(message.message);
          each.remove();
        }
      }
    }
    giveBack.accept(waiting);
  }

  /** From now on a handler that fails was interrupted, and its message is given back. */
  synchronized void cutOff() {
    cutOff = true;
  }

  synchronized boolean isCutOff() {
    return cutOff;
  }

  /** Returns false when they must not be handled; they are on their way back then. */
  boolean arrive(Collection<? extends Message<?>> messages) {
    synchronized (this) {
      if (!closed) {
        for (Message<?> message : messages) {
          String handle = receiptHandle(message);
          if (handle != null) {
            held.put(handle, new Held(message));
          }
        }
        return true;
      }
    }
    giveBack.accept(List.copyOf(messages));
    return false;
  }

  /** Returns false when the message must not be handled, since it was given back. */
  synchronized boolean begin(Collection<? extends Message<?>> messages) {
    for (Message<?> message : messages) {
      Held known = find(message);
      if (known != null) {
        known.progress = Progress.HANDLING;
        known.begunAt = System.nanoTime();
      } else if (closed) {
        return false;
      }
    }
    return true;
  }

  void end(Collection<? extends Message<?>> messages, @Nullable Throwable failure) {
    List<Message<?>> unfinished = new ArrayList<>();
    synchronized (this) {
      for (Message<?> message : messages) {
        Held known = find(message);
        if (known == null) {
          continue;
        }
        known.progress = Progress.ENDED;
        boolean failed = failure != null && !failureAcknowledges;
        if (failed || known.acknowledged) {
          held.values().remove(known);
        }
        if (failed && cutOff && !known.acknowledged) {
          unfinished.add(known.message);
        }
      }
    }
    giveBack.accept(unfinished);
  }

  /** Whatever becomes of the deletion, the message is not given back any more. */
  synchronized void acknowledge(Collection<? extends Message<?>> messages) {
    for (Message<?> message : messages) {
      Held known = find(message);
      if (known != null) {
        known.acknowledged = true;
        if (known.progress == Progress.ENDED) {
          held.values().remove(known);
        }
      }
    }
  }

  /** All processing of these is over, also of those that no handler ever saw. */
  synchronized void forget(Collection<? extends Message<?>> messages) {
    for (Message<?> message : messages) {
      Held known = find(message);
      if (known != null) {
        held.values().remove(known);
      }
    }
  }

  synchronized int inFlight() {
    return (int)
        held.values().stream()
            .filter(each -> each.progress != Progress.ENDED || !each.acknowledged)
            .count();
  }

  synchronized int handling() {
    return (int) held.values().stream().filter(each -> each.progress == Progress.HANDLING).count();
  }

  /** How long the oldest message has been handled, zero when none is. */
  synchronized Duration longestHandling() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        held.values().stream()
            .filter(each -> each.progress == Progress.HANDLING)
            .mapToLong(each -> now - each.begunAt)
            .max()
            .orElse(0));
  }

  /** Gives back what is still being handled; its handler may go on, but nobody waits for it. */
  void giveUp() {
    List<Message<?>> unfinished = new ArrayList<>();
    synchronized (this) {
      cutOff = true;
      for (Iterator<Held> each = held.values().iterator(); each.hasNext(); ) {
        Held message = each.next();
        if (message.progress == Progress.HANDLING && !message.acknowledged) {
          unfinished.add(message.message);
          each.remove();
        }
      }
    }
    giveBack.accept(unfinished);
  }

  private @Nullable Held find(Message<?> message) {
    String handle = receiptHandle(message);
    return handle == null ? null : held.get(handle);
  }

  static @Nullable String receiptHandle(Message<?> message) {
    return message.getHeaders().get(SqsHeaders.SQS_RECEIPT_HANDLE_HEADER, String.class);
  }
}
