package dev.backline.redirector.click.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** The queue {@code clicks}. */
final class ClickQueue {

  /** SQS's own limit. */
  static final int MAX_MESSAGES = 10;

  private final SqsAsyncClient sqs;
  private final String queue;
  private final Duration timeout;
  private @Nullable String url;

  /**
   * @param queue name or URL
   */
  ClickQueue(SqsAsyncClient sqs, String queue, Duration timeout) {
    this.sqs = sqs;
    this.queue = queue;
    this.timeout = timeout;
    this.url = queue.startsWith("http") ? queue : null;
  }

  /**
   * Sends all in one request.
   *
   * @throws SendFailedException when nothing is known to have arrived
   */
  Outcome send(List<ClickMessage> messages) throws SendFailedException, InterruptedException {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>(messages.size());
    for (ClickMessage message : messages) {
      entries.add(entry(Integer.toString(entries.size()), message));
    }
    String queueUrl = queueUrl();
    SendMessageBatchResponse response =
        await(sqs.sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries)));
    List<ClickMessage> again = new ArrayList<>();
    List<ClickMessage> refused = new ArrayList<>();
    for (BatchResultErrorEntry error : response.failed()) {
      ClickMessage message = messages.get(Integer.parseInt(error.id()));
      (Boolean.TRUE.equals(error.senderFault()) ? refused : again).add(message);
    }
    return new Outcome(again, refused);
  }

  private static SendMessageBatchRequestEntry entry(String id, ClickMessage message) {
    SendMessageBatchRequestEntry.Builder entry =
        SendMessageBatchRequestEntry.builder().id(id).messageBody(message.body());
    String trace = message.traceHeader();
    if (trace != null) {
      entry.messageSystemAttributes(
          Map.of(
              MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
              MessageSystemAttributeValue.builder().dataType("String").stringValue(trace).build()));
    }
    return entry.build();
  }

  private String queueUrl() throws SendFailedException, InterruptedException {
    String known = url;
    if (known == null) {
      known = await(sqs.getQueueUrl(r -> r.queueName(queue))).queueUrl();
      url = known;
    }
    return known;
  }

  private <T> T await(CompletableFuture<T> response)
      throws SendFailedException, InterruptedException {
    try {
      return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new SendFailedException(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new SendFailedException(e);
    }
  }

  /**
   * What became of the messages that were not accepted.
   *
   * @param again may be accepted at the next attempt
   * @param refused will never be
   */
  record Outcome(List<ClickMessage> again, List<ClickMessage> refused) {}

  /** SQS didn't answer, or not in time. */
  static final class SendFailedException extends Exception {

    SendFailedException(Throwable cause) {
      super(cause);
    }
  }
}
