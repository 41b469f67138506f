package dev.backline.eventworker.inbox.sqs;

import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.support.converter.ContextAwareMessagingMessageConverter;
import io.awspring.cloud.sqs.support.converter.MessageConversionContext;
import io.awspring.cloud.sqs.support.converter.SqsHeaderMapper;
import io.awspring.cloud.sqs.support.converter.SqsMessageConversionContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Hands the SQS message over as it is.
 *
 * <p>The framework's own converter can fail on a foreign message (an attribute of an odd type, an
 * id that is no UUID), and then drops it with its whole content in the log. This one has nothing to
 * fail on: the body is judged by the feature that reads it, and what it refuses is put aside with a
 * reason.
 */
final class SafeMessageConverter
    implements ContextAwareMessagingMessageConverter<
        software.amazon.awssdk.services.sqs.model.Message> {

  private final SqsHeaderMapper contextHeaders = new SqsHeaderMapper();

  @Override
  public Message<?> toMessagingMessage(
      software.amazon.awssdk.services.sqs.model.Message source,
      @Nullable MessageConversionContext context) {
    Map<String, Object> headers = new HashMap<>();
    if (context != null) {
      headers.putAll(contextHeaders.createContextHeaders(source, context));
      headers.remove(MessageHeaders.ID);
      headers.remove(MessageHeaders.TIMESTAMP);
    }
    headers.put(SqsHeaders.SQS_SOURCE_DATA_HEADER, source);
    headers.put(SqsHeaders.SQS_RECEIPT_HANDLE_HEADER, source.receiptHandle());
    headers.put(
        SqsHeaders.MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT,
        source
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
    return new GenericMessage<>(source, headers);
  }

  @Override
  public software.amazon.awssdk.services.sqs.model.Message fromMessagingMessage(
      Message<?> message, @Nullable MessageConversionContext context) {
    throw new UnsupportedOperationException("Only listeners use this converter");
  }

  @Override
  public MessageConversionContext createMessageConversionContext() {
    return new SqsMessageConversionContext();
  }
}
