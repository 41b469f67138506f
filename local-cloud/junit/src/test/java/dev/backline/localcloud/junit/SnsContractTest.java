package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.json.JsonMapper;

/** What the code relies on in SNS with SQS subscribers. */
@LocalCloud(shared = "contract")
class SnsContractTest {

  private static final String TRACE =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

  private final Cloud cloud;
  private final SnsClient sns;
  private final SqsClient sqs;
  private String topic = "";
  private String queue = "";

  SnsContractTest(Cloud cloud) {
    this.cloud = cloud;
    this.sns = cloud.sns();
    this.sqs = cloud.sqs();
  }

  @BeforeEach
  void createTopicAndQueue() {
    var name = cloud.queue("campaign-changes") + "-" + UUID.randomUUID();
    topic = sns.createTopic(r -> r.name(name)).topicArn();
    queue = sqs.createQueue(r -> r.queueName(name)).queueUrl();
    allowTopicToSend();
  }

  @AfterEach
  void deleteTopicAndQueue() {
    sns.deleteTopic(r -> r.topicArn(topic));
    sqs.deleteQueue(r -> r.queueUrl(queue));
  }

  @Test
  void theTopicOfTheTemplateDeliversRawMessagesToItsQueue() {
    var arn = cloud.topicArn("campaign-events");
    assertThat(sns.listSubscriptionsByTopic(r -> r.topicArn(arn)).subscriptions())
        .extracting(Subscription::endpoint)
        .singleElement()
        .asString()
        .endsWith(":" + cloud.queue("campaign-changes"));

    var body = "{\"type\":\"campaign-changed.v1\",\"slug\":\"서울-" + UUID.randomUUID() + "\"}";
    sns.publish(r -> r.topicArn(arn).message(body));

    assertThat(receive(cloud.queueUrl("campaign-changes")))
        .extracting(Message::body)
        .containsExactly(body);
  }

  @Test
  void aRawDeliveryHasTheAttributesOfThePublisher() {
    subscribe(Map.of("RawMessageDelivery", "true"));
    publishOfKind("person");

    var message = receive(queue).getFirst();
    assertThat(message.body()).isEqualTo("person");
    assertThat(message.messageAttributes())
        .extractingByKey("kind")
        .extracting(software.amazon.awssdk.services.sqs.model.MessageAttributeValue::stringValue)
        .isEqualTo("person");
  }

  @Test
  @Differs(on = "floci", how = "does not hand the trace on")
  void theTraceOfThePublisherArrives() {
    subscribe(Map.of("RawMessageDelivery", "true"));
    sns.publish(
        r ->
            r.topicArn(topic)
                .message("hello")
                .overrideConfiguration(c -> c.putHeader("X-Amzn-Trace-Id", TRACE)));

    assertThat(receive(queue).getFirst().attributes())
        .containsEntry(MessageSystemAttributeName.AWS_TRACE_HEADER, TRACE);
  }

  @Test
  void withoutRawDeliveryTheMessageIsInAnEnvelope() {
    subscribe(Map.of());
    var id =
        sns.publish(r -> r.topicArn(topic).subject("news").message("안녕 & <hello>")).messageId();

    var envelope = JsonMapper.shared().readTree(receive(queue).getFirst().body());
    assertThat(envelope.path("Type").asString()).isEqualTo("Notification");
    assertThat(envelope.path("MessageId").asString()).isEqualTo(id);
    assertThat(envelope.path("TopicArn").asString()).isEqualTo(topic);
    assertThat(envelope.path("Subject").asString()).isEqualTo("news");
    assertThat(envelope.path("Message").asString()).isEqualTo("안녕 & <hello>");
  }

  @Test
  void aFilterOnAttributesLetsOnlyItsMessagesThrough() {
    subscribe(
        Map.of(
            "RawMessageDelivery",
            "true",
            "FilterPolicy",
            "{\"kind\":[\"person\",{\"prefix\":\"pre\"}]}"));
    publishOfKind("bot");
    publishOfKind("preview");
    publishOfKind("person");

    assertThat(receiveAll(2))
        .extracting(Message::body)
        .containsExactlyInAnyOrder("preview", "person");
  }

  @Test
  void aFilterOnTheBodyReadsNestedNumbers() {
    subscribe(
        Map.of(
            "RawMessageDelivery", "true",
            "FilterPolicyScope", "MessageBody",
            "FilterPolicy",
                "{\"campaign\":{\"version\":[{\"numeric\":[\">=\",2]}],\"city\":[{\"anything-but\":\"부산\"}]}}"));
    var wanted = "{\"campaign\":{\"version\":3,\"city\":\"서울\"}}";
    for (var body :
        List.of(
            "{\"campaign\":{\"version\":1,\"city\":\"서울\"}}",
            "{\"campaign\":{\"version\":3,\"city\":\"부산\"}}",
            "no json",
            wanted)) {
      sns.publish(r -> r.topicArn(topic).message(body));
    }

    assertThat(receiveAll(1)).extracting(Message::body).containsExactly(wanted);
  }

  @Test
  void aBatchPublishesTen() {
    subscribe(Map.of("RawMessageDelivery", "true"));
    var answer = sns.publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(entries(10)));

    assertThat(answer.failed()).isEmpty();
    assertThat(answer.successful()).hasSize(10);
    assertThat(receiveAll(10)).extracting(Message::body).contains("body 0", "body 9");
  }

  @Test
  @Differs(on = "floci", how = "takes more than ten messages in a batch")
  void aBatchOfElevenIsRefused() {
    assertThatExceptionOfType(TooManyEntriesInBatchRequestException.class)
        .isThrownBy(
            () -> sns.publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(entries(11))));
  }

  @Test
  @Differs(on = "floci", how = "takes equal ids in a batch")
  void aBatchWithEqualIdsIsRefused() {
    var one = entries(1).getFirst();
    assertThatExceptionOfType(BatchEntryIdsNotDistinctException.class)
        .isThrownBy(
            () -> sns.publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(one, one)));
  }

  @Test
  void subscribingTwiceIsOneSubscription() {
    var first = subscribe(Map.of());

    assertThat(subscribe(Map.of())).isEqualTo(first);
    assertThat(sns.getSubscriptionAttributes(r -> r.subscriptionArn(first)).attributes())
        .containsEntry("RawMessageDelivery", "false")
        .containsEntry("Protocol", "sqs");
  }

  @Test
  void anUnsubscribedQueueGetsNothing() {
    var subscription = subscribe(Map.of("RawMessageDelivery", "true"));
    sns.publish(r -> r.topicArn(topic).message("before"));
    assertThat(receiveAll(1)).hasSize(1);

    sns.unsubscribe(r -> r.subscriptionArn(subscription));
    sns.publish(r -> r.topicArn(topic).message("after"));

    assertThat(sns.listSubscriptionsByTopic(r -> r.topicArn(topic)).subscriptions()).isEmpty();
    assertThat(receiveNow(queue)).isEmpty();
  }

  @Test
  void aMissingTopicIsATypedError() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> sns.publish(r -> r.topicArn(topic + "-not").message("hello")));
  }

  @Test
  void aMessageOfMoreThan256KilobytesIsRefused() {
    assertThatExceptionOfType(InvalidParameterException.class)
        .isThrownBy(() -> sns.publish(r -> r.topicArn(topic).message("x".repeat(262_145))));
  }

  @Test
  void anEmptyMessageIsRefused() {
    assertThatExceptionOfType(InvalidParameterException.class)
        .isThrownBy(() -> sns.publish(r -> r.topicArn(topic).message("")));
  }

  @Test
  @Differs(on = "floci", how = "takes any name")
  void aTopicNameWithASpaceIsRefused() {
    assertThatExceptionOfType(InvalidParameterException.class)
        .isThrownBy(() -> sns.createTopic(r -> r.name("no spaces")));
  }

  @Test
  @Differs(on = "floci", how = "takes a filter policy that is none")
  void aFilterThatIsNoListIsRefused() {
    assertThatExceptionOfType(InvalidParameterException.class)
        .isThrownBy(() -> subscribe(Map.of("FilterPolicy", "{\"kind\":\"person\"}")));
  }

  private String subscribe(Map<String, String> attributes) {
    return sns.subscribe(
            r ->
                r.topicArn(topic)
                    .protocol("sqs")
                    .endpoint(arn(queue))
                    .attributes(attributes)
                    .returnSubscriptionArn(true))
        .subscriptionArn();
  }

  private void publishOfKind(String kind) {
    sns.publish(
        r -> r.topicArn(topic).message(kind).messageAttributes(Map.of("kind", string(kind))));
  }

  private static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static List<PublishBatchRequestEntry> entries(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> PublishBatchRequestEntry.builder().id("e" + i).message("body " + i).build())
        .toList();
  }

  /** Emulators do not ask for it, AWS does. */
  private void allowTopicToSend() {
    var policy =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},
        "Action":"sqs:SendMessage","Resource":"%s","Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}
        """
            .formatted(arn(queue), topic);
    sqs.setQueueAttributes(
        r -> r.queueUrl(queue).attributes(Map.of(QueueAttributeName.POLICY, policy)));
  }

  private List<Message> receiveAll(int count) {
    var all = new HashMap<String, Message>();
    while (all.size() < count) {
      var some = receive(queue);
      assertThat(some).as("%d of %d messages have arrived", all.size(), count).isNotEmpty();
      some.forEach(message -> all.put(message.messageId(), message));
    }
    assertThat(receiveNow(queue)).isEmpty();
    return List.copyOf(all.values());
  }

  private List<Message> receive(String url) {
    return receive(url, 10);
  }

  private List<Message> receiveNow(String url) {
    return receive(url, 0);
  }

  private List<Message> receive(String url, int waitSeconds) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url)
                    .waitTimeSeconds(waitSeconds)
                    .maxNumberOfMessages(10)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private String arn(String url) {
    return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
  }
}
