package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import io.awspring.cloud.sqs.SqsAcknowledgementException;
import io.awspring.cloud.sqs.listener.ContainerOptions;
import io.awspring.cloud.sqs.listener.TaskExecutorAware;
import io.awspring.cloud.sqs.listener.acknowledgement.AcknowledgementCallback;
import io.awspring.cloud.sqs.listener.acknowledgement.AcknowledgementExecutor;
import io.awspring.cloud.sqs.listener.acknowledgement.AsyncAcknowledgementResultCallback;
import io.awspring.cloud.sqs.listener.acknowledgement.ExecutingAcknowledgementProcessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.Message;

/**
 * The acknowledgements of one queue. Knows which were asked for and not confirmed by SQS, so that
 * none gets lost at the end: those that wait for a batch, which Spring Cloud AWS up to 4.1.0 never
 * sends (#925, #1661), and those that come after the container has stopped, which it drops.
 */
final class DrainableAcknowledgements<T>
    implements ExecutingAcknowledgementProcessor<T>, AcknowledgementCallback<T>, TaskExecutorAware {

  /** What DeleteMessageBatch takes. */
  private static final int BATCH = 10;

  private final ExecutingAcknowledgementProcessor<T> delegate;
  private final MessagesInHand hand;
  private final Map<String, Message<T>> unconfirmed = new LinkedHashMap<>();
  private final Set<String> deleting = new HashSet<>();
  private AcknowledgementExecutor<T> executor =
      messages -> CompletableFuture.failedFuture(new IllegalStateException("not started"));
  private @Nullable AsyncAcknowledgementResultCallback<T> resultCallback;
  private @Nullable Throwable lastFailure;
  private boolean flushed;

  DrainableAcknowledgements(ExecutingAcknowledgementProcessor<T> delegate, MessagesInHand hand) {
    this.delegate = delegate;
    this.hand = hand;
  }

  /** Deletions whose answer is outstanding. */
  synchronized int underWay() {
    return deleting.size();
  }

  /**
   * Deletes what was acknowledged and not deleted yet. What is acknowledged later is deleted at
   * once.
   *
   * @throws IllegalStateException when messages that are handled will be delivered again
   */
  void flush(Deadline deadline) throws InterruptedException {
    List<Message<T>> open;
    synchronized (this) {
      flushed = true;
      open =
          unconfirmed.entrySet().stream()
              .filter(entry -> !deleting.contains(entry.getKey()))
              .map(Map.Entry::getValue)
              .toList();
    }
    for (int from = 0; from < open.size(); from += BATCH) {
      var _ = deleteAndTell(open.subList(from, Math.min(from + BATCH, open.size())));
    }
    synchronized (this) {
      while (!deleting.isEmpty() && !deadline.hasPassed()) {
        wait(Math.max(1, deadline.remaining().toMillis()));
      }
      if (!unconfirmed.isEmpty()) {
        throw new IllegalStateException(
            "%d messages are handled but not deleted, they will be delivered again: %s"
                .formatted(unconfirmed.size(), lastFailure == null ? "no answer" : lastFailure));
      }
    }
  }

  @Override
  public CompletableFuture<Void> onAcknowledge(Message<T> message) {
    return acknowledge(List.of(message))
        ? delegate.getAcknowledgementCallback().onAcknowledge(message)
        : deleteAndTell(List.of(message));
  }

  @Override
  public CompletableFuture<Void> onAcknowledge(Collection<Message<T>> messages) {
    return acknowledge(messages)
        ? delegate.getAcknowledgementCallback().onAcknowledge(messages)
        : deleteAndTell(List.copyOf(messages));
  }

  private boolean acknowledge(Collection<Message<T>> messages) {
    hand.acknowledge(messages);
    synchronized (this) {
      for (Message<T> message : messages) {
        String handle = MessagesInHand.receiptHandle(message);
        if (handle != null) {
          unconfirmed.put(handle, message);
        }
      }
      return delegate.isRunning() && !flushed;
    }
  }

  private CompletableFuture<Void> deleteAndTell(Collection<Message<T>> messages) {
    AsyncAcknowledgementResultCallback<T> callback = resultCallback;
    CompletableFuture<Void> deletion = delete(messages);
    return callback == null
        ? deletion
        : deletion.whenComplete(
            (done, failure) -> {
              var _ =
                  failure == null
                      ? callback.onSuccess(messages)
                      : callback.onFailure(messages, failure);
            });
  }

  private CompletableFuture<Void> delete(Collection<Message<T>> messages) {
    List<Message<T>> claimed = new ArrayList<>();
    synchronized (this) {
      for (Message<T> message : messages) {
        String handle = MessagesInHand.receiptHandle(message);
        // A batch that Spring Cloud AWS sends after all finds its messages deleted by the flush.
        boolean taken = handle != null && flushed && !unconfirmed.containsKey(handle);
        if (!taken && (handle == null || deleting.add(handle))) {
          claimed.add(message);
        }
      }
    }
    return claimed.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : executor.execute(claimed).whenComplete((done, failure) -> settle(claimed, failure));
  }

  private synchronized void settle(List<Message<T>> messages, @Nullable Throwable failure) {
    Set<String> failed = new HashSet<>();
    if (failure != null) {
      lastFailure = SqsGiveBack.rootCause(failure);
      failedOf(messages, failure)
          .forEach(message -> failed.add("" + MessagesInHand.receiptHandle(message)));
    }
    boolean worthKeeping = hand.closed();
    for (Message<T> message : messages) {
      String handle = "" + MessagesInHand.receiptHandle(message);
      deleting.remove(handle);
      // While the service runs nobody would try again.
      if (!failed.contains(handle) || !worthKeeping) {
        unconfirmed.remove(handle);
      }
    }
    notifyAll();
  }

  private static Collection<? extends Message<?>> failedOf(
      List<? extends Message<?>> messages, Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SqsAcknowledgementException partial) {
        return partial.getFailedAcknowledgementMessages();
      }
    }
    return messages;
  }

  @Override
  public AcknowledgementCallback<T> getAcknowledgementCallback() {
    return this;
  }

  @Override
  public void setAcknowledgementExecutor(AcknowledgementExecutor<T> acknowledgementExecutor) {
    executor = acknowledgementExecutor;
    delegate.setAcknowledgementExecutor(this::delete);
  }

  @Override
  public void setAcknowledgementResultCallback(AsyncAcknowledgementResultCallback<T> callback) {
    resultCallback = callback;
    delegate.setAcknowledgementResultCallback(callback);
  }

  @Override
  public void setTaskExecutor(TaskExecutor taskExecutor) {
    if (delegate instanceof TaskExecutorAware aware) {
      aware.setTaskExecutor(taskExecutor);
    }
  }

  @Override
  public void configure(ContainerOptions<?, ?> containerOptions) {
    delegate.configure(containerOptions);
  }

  @Override
  public void setId(String id) {
    delegate.setId(id);
  }

  @Override
  public String getId() {
    return delegate.getId();
  }

  @Override
  public void start() {
    delegate.start();
  }

  @Override
  public void stop() {
    delegate.stop();
  }

  @Override
  public boolean isRunning() {
    return delegate.isRunning();
  }
}
