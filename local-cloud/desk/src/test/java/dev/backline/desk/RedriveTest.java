package dev.backline.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@LocalCloud
class RedriveTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Cloud cloud;
  private final Redrive redrive;

  RedriveTest(Cloud cloud) {
    this.cloud = cloud;
    this.redrive = new Redrive(cloud.sqs(), new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @BeforeEach
  void empty() {
    cloud.sqs().purgeQueue(purge -> purge.queueUrl(cloud.queueUrl("clicks")));
  }

  @Test
  void tellsTheReasonsAndBringsAllMessagesBack() {
    for (int i = 0; i < 12; i++) {
      send("not-json");
    }
    send("invalid-field");
    send("two\nlines");
    cloud
        .sqs()
        .sendMessage(
            send -> send.queueUrl(cloud.queueUrl("clicks-dlq")).messageBody("given up by SQS"));

    redrive.redrive(cloud.queue("clicks"));

    assertThat(text())
        .contains("15 messages in " + cloud.queue("clicks-dlq"))
        .containsPattern(" 12  not-json")
        .containsPattern(" 1  invalid-field")
        .containsPattern(" 2  none")
        .contains("15 moved to " + cloud.queue("clicks") + ".")
        .doesNotContain("lines");
    await().until(() -> waiting("clicks") == 15);
    assertThat(waiting("clicks-dlq")).isZero();
  }

  @Test
  void anEmptyQueueIsNoError() {
    redrive.redrive(cloud.queue("campaign-changes"));

    assertThat(text()).contains("is empty: nothing to bring back");
  }

  @Test
  void aWrongNameIsToldTogetherWithTheRightOnes() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> redrive.redrive("klicks"))
        .withMessageContaining("no queue 'klicks'")
        .withMessageContaining(cloud.queue("clicks"));
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> redrive.redrive(cloud.queue("clicks-dlq")))
        .withMessageContaining("has no dead-letter queue");
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> redrive.redrive(""))
        .withMessageContaining("QUEUE=clicks");
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void send(String reason) {
    cloud
        .sqs()
        .sendMessage(
            send ->
                send.queueUrl(cloud.queueUrl("clicks-dlq"))
                    .messageBody("put aside")
                    .messageAttributes(
                        Map.of(
                            "reason",
                            MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(reason)
                                .build())));
  }

  private long waiting(String queue) {
    return Long.parseLong(
        cloud
            .sqs()
            .getQueueAttributes(
                get ->
                    get.queueUrl(cloud.queueUrl(queue))
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
            .attributes()
            .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
  }
}
