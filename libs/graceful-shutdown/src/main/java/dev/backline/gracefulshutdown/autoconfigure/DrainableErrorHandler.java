package dev.backline.gracefulshutdown.autoconfigure;

import io.awspring.cloud.sqs.listener.TaskExecutorAware;
import io.awspring.cloud.sqs.listener.errorhandler.AsyncErrorHandler;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.Message;

/**
 * Keeps the failure of a handler that was interrupted from the team's error handler, which would
 * hide the message again for its back-off, or take the failure for dealt with and have it deleted.
 */
final class DrainableErrorHandler<T> implements AsyncErrorHandler<T>, TaskExecutorAware {

  private final AsyncErrorHandler<T> delegate;
  private final MessagesInHand hand;

  DrainableErrorHandler(AsyncErrorHandler<T> delegate, MessagesInHand hand) {
    this.delegate = delegate;
    this.hand = hand;
  }

  @Override
  public CompletableFuture<Void> handle(Message<T> message, Throwable failure) {
    return hand.isCutOff()
        ? CompletableFuture.failedFuture(failure)
        : delegate.handle(message, failure);
  }

  @Override
  public CompletableFuture<Void> handle(Collection<Message<T>> messages, Throwable failure) {
    return hand.isCutOff()
        ? CompletableFuture.failedFuture(failure)
        : delegate.handle(messages, failure);
  }

  @Override
  public void setTaskExecutor(TaskExecutor taskExecutor) {
    if (delegate instanceof TaskExecutorAware aware) {
      aware.setTaskExecutor(taskExecutor);
    }
  }
}
