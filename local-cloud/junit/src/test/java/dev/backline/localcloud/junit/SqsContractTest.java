package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** What the code relies on in SQS. */
@LocalCloud(shared = "contract")
class SqsContractTest {

  private static final String TRACE =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

  private final Cloud cloud;
  private final SqsClient sqs;
  private String queue = "";
  private String deadLetters = "";

  SqsContractTest(Cloud cloud) {
    this.cloud = cloud;
    this.sqs = cloud.sqs();
  }

  @BeforeEach
  void createQueues() {
    var name = cloud.queue("clicks") + "-" + UUID.randomUUID();
    deadLetters = sqs.createQueue(r -> r.queueName(name + "-dlq")).queueUrl();
    var redrive = "{\"deadLetterTargetArn\":\"" + arn(deadLetters) + "\",\"maxReceiveCount\":2}";
    queue =
        sqs.createQueue(
                r ->
                    r.queueName(name)
                        .attributes(
                            Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                redrive,
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                "30")))
            .queueUrl();
  }

  @AfterEach
  void deleteQueues() {
    sqs.deleteQueue(r -> r.queueUrl(queue));
    sqs.deleteQueue(r -> r.queueUrl(deadLetters));
  }

  @Test
  void theQueuesOfTheTemplateHaveItsAttributes() {
    var attributes =
        sqs.getQueueAttributes(
                r -> r.queueUrl(cloud.queueUrl("clicks")).attributeNames(QueueAttributeName.ALL))
            .attributes();

    assertThat(attributes).containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "60");
    assertThat(attributes.get(QueueAttributeName.REDRIVE_POLICY))
        .contains(cloud.queue("clicks-dlq"))
        .containsPattern("\"maxReceiveCount\":\\s*\"?5");
  }

  @Test
  void aQueueUrlThatIsAnsweredIsTheOneOfItsCreationAndCanBeUsed() {
    var name = queue.substring(queue.lastIndexOf('/') + 1);
    var answered = sqs.getQueueUrl(r -> r.queueName(name)).queueUrl();
    assertThat(answered).isEqualTo(queue);

    sqs.sendMessage(r -> r.queueUrl(answered).messageBody("by its URL"));
    assertThat(receive()).extracting(Message::body).containsExactly("by its URL");
  }

  @Test
  void koreanTextArrivesAsItWasSent() {
    send("서울의 밤 🎸");

    assertThat(receive()).extracting(Message::body).containsExactly("서울의 밤 🎸");
  }

  @Test
  void aLongPollEndsWhenAMessageArrives() {
    var waiting = CompletableFuture.supplyAsync(this::receive);
    send("late");

    assertThat(waiting)
        .succeedsWithin(Duration.ofMinutes(1))
        .satisfies(messages -> assertThat(messages).hasSize(1));
  }

  @Test
  void aReceivedMessageIsHiddenUntilItsVisibilityIsGivenBack() {
    send("once");
    var first = receive().getFirst();

    assertThat(receiveNow()).isEmpty();
    sqs.changeMessageVisibility(
        r -> r.queueUrl(queue).receiptHandle(first.receiptHandle()).visibilityTimeout(0));
    var second = receive().getFirst();

    assertThat(second.messageId()).isEqualTo(first.messageId());
    assertThat(second.attributes())
        .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2");
  }

  @Test
  void aDeletedMessageNeverComesBack() {
    send("once");
    var received = receive().getFirst();
    sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle(received.receiptHandle()));

    assertThat(count(queue)).isZero();
    assertThat(receiveNow()).isEmpty();
  }

  @Test
  void aMessageThatFailsTooOftenMovesToTheDeadLetterQueueAndCanBeMovedBack() {
    send("poison");
    failOnce();
    failOnce();
    await().until(() -> receiveNow().isEmpty() && count(deadLetters) == 1);

    sqs.startMessageMoveTask(r -> r.sourceArn(arn(deadLetters)).destinationArn(arn(queue)));

    await().until(() -> count(deadLetters) == 0 && count(queue) == 1);
    assertThat(receive()).extracting(Message::body).containsExactly("poison");
  }

  @Test
  void theTraceHeaderOfAnAttributeArrives() {
    sqs.sendMessage(
        r ->
            r.queueUrl(queue)
                .messageBody("traced")
                .messageSystemAttributes(
                    Map.of(
                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                        MessageSystemAttributeValue.builder()
                            .dataType("String")
                            .stringValue(TRACE)
                            .build())));

    assertThat(receive().getFirst().attributes())
        .containsEntry(MessageSystemAttributeName.AWS_TRACE_HEADER, TRACE);
  }

  @Test
  @Differs(on = "floci", how = "reads the trace from a message attribute only")
  void theTraceHeaderOfTheRequestArrives() {
    sqs.sendMessage(
        r ->
            r.queueUrl(queue)
                .messageBody("traced")
                .overrideConfiguration(c -> c.putHeader("X-Amzn-Trace-Id", TRACE)));

    assertThat(receive().getFirst().attributes())
        .containsEntry(MessageSystemAttributeName.AWS_TRACE_HEADER, TRACE);
  }

  @Test
  void aBatchSendsReceivesAndDeletesTen() {
    var sent = sqs.sendMessageBatch(r -> r.queueUrl(queue).entries(entries(10, "body")));
    assertThat(sent.successful()).hasSize(10);
    assertThat(sent.failed()).isEmpty();

    var received = receive();
    assertThat(received).hasSize(10);
    var gone =
        sqs.deleteMessageBatch(
            r ->
                r.queueUrl(queue)
                    .entries(
                        received.stream()
                            .map(
                                message ->
                                    DeleteMessageBatchRequestEntry.builder()
                                        .id(message.messageId())
                                        .receiptHandle(message.receiptHandle())
                                        .build())
                            .toList()));
    assertThat(gone.failed()).isEmpty();
    assertThat(count(queue)).isZero();
  }

  @Test
  @Differs(on = "floci", how = "takes more than ten messages in a batch")
  void aBatchOfElevenIsRefused() {
    assertThatExceptionOfType(TooManyEntriesInBatchRequestException.class)
        .isThrownBy(
            () -> sqs.sendMessageBatch(r -> r.queueUrl(queue).entries(entries(11, "body"))));
  }

  @Test
  void aMessageOf250KilobytesIsTaken() {
    send("x".repeat(250_000));

    assertThat(receive().getFirst().body()).hasSize(250_000);
  }

  @Test
  void aMissingQueueIsATypedError() {
    assertThatExceptionOfType(QueueDoesNotExistException.class)
        .isThrownBy(() -> sqs.getQueueUrl(r -> r.queueName("no-such-queue")));
    assertThatExceptionOfType(QueueDoesNotExistException.class)
        .isThrownBy(() -> sqs.receiveMessage(r -> r.queueUrl(queue + "-not")));
  }

  @Test
  void anInvalidReceiptHandleIsAnErrorAndNotAServerFault() {
    assertThatExceptionOfType(SqsException.class)
        .isThrownBy(() -> sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle("nonsense")))
        .satisfies(e -> assertThat(e.statusCode()).isBetween(400, 499));
  }

  private void failOnce() {
    var message = receive().getFirst();
    sqs.changeMessageVisibilityBatch(
        r ->
            r.queueUrl(queue)
                .entries(
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id("0")
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(0)
                        .build()));
  }

  private void send(String body) {
    sqs.sendMessage(r -> r.queueUrl(queue).messageBody(body));
  }

  private List<Message> receive() {
    return receive(20);
  }

  private List<Message> receiveNow() {
    return receive(0);
  }

  private List<Message> receive(int waitSeconds) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(queue)
                    .waitTimeSeconds(waitSeconds)
                    .maxNumberOfMessages(10)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private int count(String url) {
    return Integer.parseInt(
        sqs.getQueueAttributes(
                r ->
                    r.queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
            .attributes()
            .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "-1"));
  }

  private String arn(String url) {
    return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
  }

  private static List<SendMessageBatchRequestEntry> entries(int count, String body) {
    return IntStream.range(0, count)
        .mapToObj(i -> SendMessageBatchRequestEntry.builder().id("m" + i).messageBody(body).build())
        .toList();
  }
}
