package dev.backline.eventworker;

import static org.awaitility.Awaitility.await;

import dev.backline.localcloud.junit.Cloud;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What tests ask of the worker's queues and tables. */
public record TestCloud(Cloud cloud) {

  static final Duration PATIENCE = Duration.ofMinutes(3);

  public void send(String queue, String body) {
    cloud.sqs().sendMessage(send -> send.queueUrl(cloud.queueUrl(queue)).messageBody(body));
  }

  /** Waits until the queue holds nothing, neither visible nor in flight. */
  public void awaitEmpty(String queue) {
    await(queue + " is empty").atMost(PATIENCE).until(() -> waiting(queue) == 0);
  }

  public long waiting(String queue) {
    return cloud
        .sqs()
        .getQueueAttributes(
            get ->
                get.queueUrl(cloud.queueUrl(queue))
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  /** Takes the messages out of a dead-letter queue. */
  public List<Message> take(String queue, int number) {
    List<Message> messages = new ArrayList<>();
    await(number + " messages in " + queue)
        .atMost(PATIENCE)
        .until(
            () -> {
              cloud
                  .sqs()
                  .receiveMessage(
                      receive ->
                          receive
                              .queueUrl(cloud.queueUrl(queue))
                              .maxNumberOfMessages(10)
                              .waitTimeSeconds(1)
                              .messageAttributeNames("All")
                              .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                  .messages()
                  .forEach(
                      message -> {
                        messages.add(message);
                        cloud
                            .sqs()
                            .deleteMessage(
                                delete ->
                                    delete
                                        .queueUrl(cloud.queueUrl(queue))
                                        .receiptHandle(message.receiptHandle()));
                      });
              return messages.size() >= number;
            });
    return messages;
  }

  /** Persons of a link over all its hours; of every link for a prefix of codes. */
  public long persons(String codePrefix) {
    return cloud
        .dynamoDb()
        .scanPaginator(scan -> scan.tableName(cloud.table("link-stats")).consistentRead(true))
        .items()
        .stream()
        .filter(item -> text(item, "code").startsWith(codePrefix))
        .filter(item -> !text(item, "bucket").contains("#"))
        .mapToLong(item -> number(item, "person"))
        .sum();
  }

  public Map<String, AttributeValue> stats(String code, String bucket) {
    return cloud
        .dynamoDb()
        .getItem(
            get ->
                get.tableName(cloud.table("link-stats"))
                    .consistentRead(true)
                    .key(
                        Map.of(
                            "code", AttributeValue.fromS(code),
                            "bucket", AttributeValue.fromS(bucket))))
        .item();
  }

  public Map<String, AttributeValue> preview(String slug) {
    return cloud
        .dynamoDb()
        .getItem(
            get ->
                get.tableName(cloud.table("campaign-previews"))
                    .consistentRead(true)
                    .key(Map.of("slug", AttributeValue.fromS(slug))))
        .item();
  }

  /** A message attribute, or an empty text. */
  public static String attribute(Message message, String name) {
    MessageAttributeValue value = message.messageAttributes().get(name);
    return value == null ? "" : value.stringValue();
  }

  public static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }

  public static long number(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
  }
}
