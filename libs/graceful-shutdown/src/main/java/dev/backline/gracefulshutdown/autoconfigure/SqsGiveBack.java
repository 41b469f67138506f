package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

/**
 * Makes messages visible again at once, so that another consumer gets them now and not after the
 * queue's visibility timeout. The first attempt is made when a message is handed over, a second and
 * last one for what failed in {@link #finish}.
 */
final class SqsGiveBack {

  /** What ChangeMessageVisibilityBatch takes. */
  private static final int BATCH = 10;

  /** The SDK's own limit is none at all; a dead endpoint must not use up the drain. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  /** SQS's answer for a message that is visible already or deleted. */
  private static final String NOT_IN_FLIGHT = "MessageNotInflight";

  private final Map<Message<?>, String> failures = new LinkedHashMap<>();
  private @Nullable SqsAsyncClient client;
  private int underWay;
  private int givenBack;

  /** The container's own client: with its endpoint, credentials and interceptors. */
  synchronized void use(SqsAsyncClient containerClient) {
    client = containerClient;
  }

  void send(Collection<? extends Message<?>> messages) {
    send(messages, CALL_TIMEOUT);
  }

  /** Messages whose answer is outstanding. */
  synchronized int underWay() {
    return underWay;
  }

  synchronized int givenBack() {
    return givenBack;
  }

  /**
   * Waits for outstanding answers and tries again what failed.
   *
   * @throws IllegalStateException naming what stays invisible until its visibility timeout is over
   */
  void finish(Deadline deadline) throws InterruptedException {
    awaitAnswers(deadline);
    List<Message<?>> again;
    synchronized (this) {
      again = List.copyOf(failures.keySet());
      failures.clear();
    }
    Duration left = deadline.remaining(CALL_TIMEOUT);
    send(again, left.isPositive() ? left : Duration.ofMillis(1));
    awaitAnswers(deadline);
    synchronized (this) {
      if (underWay + failures.size() > 0) {
        throw new IllegalStateException(
            "%d messages are not given back, SQS delivers them after their visibility timeout: %s"
                .formatted(
                    underWay + failures.size(),
                    failures.isEmpty()
                        ? "no answer"
                        : String.join("; ", failures.values().stream().distinct().toList())));
      }
    }
  }

  private synchronized void awaitAnswers(Deadline deadline) throws InterruptedException {
    while (underWay > 0 && !deadline.hasPassed()) {
      wait(Math.max(1, deadline.remaining().toMillis()));
    }
  }

  private void send(Collection<? extends Message<?>> messages, Duration timeout) {
    Map<String, List<Message<?>>> byQueue = new LinkedHashMap<>();
    for (Message<?> message : messages) {
      String queue = message.getHeaders().get(SqsHeaders.SQS_QUEUE_URL_HEADER, String.class);
      if (queue == null || MessagesInHand.receiptHandle(message) == null) {
        fail(message, "a message converter left out the queue's URL or the receipt handle");
      } else {
        byQueue.computeIfAbsent(queue, absent -> new ArrayList<>()).add(message);
      }
    }
    byQueue.forEach(
        (queue, all) -> {
          for (int from = 0; from < all.size(); from += BATCH) {
            sendBatch(queue, all.subList(from, Math.min(from + BATCH, all.size())), timeout);
          }
        });
  }

  private void sendBatch(String queue, List<Message<?>> batch, Duration timeout) {
    SqsAsyncClient sqs;
    synchronized (this) {
      sqs = client;
      underWay += batch.size();
    }
    try {
      if (sqs == null) {
        throw new IllegalStateException("no client");
      }
      var _ =
          sqs.changeMessageVisibilityBatch(request(queue, batch, timeout))
              .whenComplete(
                  (response, failure) ->
                      settle(
                          queue,
                          batch,
                          response == null ? List.of() : response.failed(),
                          failure == null ? null : rootCause(failure)));
    } catch (RuntimeException failure) {
      settle(queue, batch, List.of(), failure);
    }
  }

  private static ChangeMessageVisibilityBatchRequest request(
      String queue, List<Message<?>> batch, Duration timeout) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .receiptHandle(MessagesInHand.receiptHandle(batch.get(i)))
              .visibilityTimeout(0)
              .build());
    }
    return ChangeMessageVisibilityBatchRequest.builder()
        .queueUrl(queue)
        .entries(entries)
        .overrideConfiguration(override -> override.apiCallTimeout(timeout))
        .build();
  }

  private synchronized void settle(
      String queue,
      List<Message<?>> batch,
      List<BatchResultErrorEntry> refused,
      @Nullable Throwable failure) {
    underWay -= batch.size();
    if (failure != null) {
      batch.forEach(message -> fail(message, queue + ": " + failure));
    } else {
      givenBack += batch.size() - refused.size();
      for (BatchResultErrorEntry entry : refused) {
        if (!entry.code().contains(NOT_IN_FLIGHT)) {
          fail(
              batch.get(Integer.parseInt(entry.id())),
              queue + ": " + entry.code() + " " + entry.message());
        }
      }
    }
    notifyAll();
  }

  private synchronized void fail(Message<?> message, String problem) {
    failures.put(message, problem);
  }

  static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
