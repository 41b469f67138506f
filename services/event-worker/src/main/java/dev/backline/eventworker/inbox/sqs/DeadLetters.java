package dev.backline.eventworker.inbox.sqs;

import dev.backline.eventworker.inbox.PoisonMessageException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Puts messages aside, each with the reason why. */
final class DeadLetters {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
  private static final int LONGEST_DETAIL = 256;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final SqsAsyncClient sqs;
  private final MeterRegistry meters;
  private final Map<String, String> urls = new ConcurrentHashMap<>();

  DeadLetters(SqsAsyncClient sqs, MeterRegistry meters) {
    this.sqs = sqs;
    this.meters = meters;
  }

  /**
   * Returns when SQS has the copy, so that the message itself may be acknowledged.
   *
   * @throws RuntimeException when it may not
   */
  void put(String queue, Message message, PoisonMessageException poison) {
    SendMessageRequest.Builder send =
        SendMessageRequest.builder()
            .queueUrl(urls.computeIfAbsent(queue, this::url))
            .messageBody(message.body())
            .messageAttributes(
                Map.of(
                    "reason", text(poison.reason().text()),
                    "detail", text(bounded(poison.detail()))));
    String trace = message.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER);
    if (trace != null) {
      send.messageSystemAttributes(
          Map.of(
              MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
              MessageSystemAttributeValue.builder().dataType("String").stringValue(trace).build()));
    }
    await(
        sqs.sendMessage(
            send.overrideConfiguration(override -> override.apiCallTimeout(TIMEOUT)).build()));
    meters.counter("messages.poison", "queue", queue, "reason", poison.reason().text()).increment();
    LOG.warn(
        "Message {} was put into {}: {}, {}",
        message.messageId(),
        queue,
        poison.reason().text(),
        bounded(poison.detail()));
  }

  private String url(String queue) {
    GetQueueUrlResponse response =
        await(
            sqs.getQueueUrl(
                get ->
                    get.queueName(queue)
                        .overrideConfiguration(override -> override.apiCallTimeout(TIMEOUT))));
    return response.queueUrl();
  }

  private static <T> T await(CompletableFuture<T> call) {
    return call.join();
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static String bounded(String text) {
    return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL);
  }
}
