package dev.backline.eventworker.inbox.sqs;

import static dev.backline.eventworker.TestCloud.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.backline.eventworker.TestCloud;
import dev.backline.eventworker.inbox.InboxProperties;
import dev.backline.eventworker.inbox.IntakeGate;
import dev.backline.eventworker.inbox.PoisonMessageException;
import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import dev.backline.eventworker.inbox.StoreUnavailableException;
import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import dev.backline.xraytracing.TraceContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

@LocalCloud
class InboxTest {

  private final IntakeGate gate =
      new IntakeGate(Duration.ofDays(1), Duration.ofDays(1), () -> true, System::nanoTime);
  private final TestCloud cloud;
  private final SqsAsyncClient sqs;
  private final Inbox inbox;

  InboxTest(Cloud cloud) {
    this.cloud = new TestCloud(cloud);
    this.sqs =
        SqsAsyncClient.builder()
            .endpointOverride(cloud.endpoint())
            .region(Region.of(cloud.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build();
    this.inbox =
        new Inbox(
            new DeadLetters(sqs, new SimpleMeterRegistry()),
            gate,
            new NoTraces(),
            new InboxProperties(
                10,
                Duration.ofSeconds(5),
                5,
                Duration.ofSeconds(15),
                Duration.ofMinutes(15),
                Duration.ofSeconds(1),
                Duration.ofSeconds(15)));
  }

  @AfterEach
  void close() {
    sqs.close();
  }

  @Test
  void aMessageThatFailsAtItsLastDeliveryIsPutAsideWithItsReason() {
    assertThatIllegalStateException().isThrownBy(() -> receive(4, new IllegalStateException()));
    assertThat(cloud.waiting("clicks-dlq")).isZero();
    receive(5, new IllegalStateException("with data of somebody"));

    Message dead = cloud.take("clicks-dlq", 1).getFirst();
    assertThat(dead.body()).isEqualTo("body");
    assertThat(attribute(dead, "reason")).isEqualTo("exhausted");
    assertThat(attribute(dead, "detail"))
        .contains("5 deliveries", "IllegalStateException")
        .doesNotContain("somebody");
  }

  @Test
  void onlyTheStoreShutsTheGate() {
    assertThatIllegalStateException().isThrownBy(() -> receive(1, new IllegalStateException()));
    assertThat(gate.isOpen()).isTrue();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> receive(1, new StoreUnavailableException("no answer", null)));
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void aMessageIsNotAcknowledgedWhereItsCopyCannotBeMade() {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(
            () ->
                inbox.receive(
                    "test",
                    message(1),
                    "no-such-queue",
                    body -> {
                      throw new PoisonMessageException(Reason.NOT_JSON, "broken");
                    }));
  }

  @Test
  void aLongDetailIsCut() {
    receive(1, new PoisonMessageException(Reason.NOT_JSON, "x".repeat(10_000)));

    Message dead = cloud.take("clicks-dlq", 1).getFirst();
    assertThat(attribute(dead, "detail")).hasSize(256);
  }

  private void receive(int delivery, RuntimeException failure) {
    inbox.receive(
        "test",
        message(delivery),
        cloud.cloud().queue("clicks-dlq"),
        body -> {
          throw failure;
        });
  }

  private static Message message(int delivery) {
    return Message.builder()
        .messageId("1")
        .body("body")
        .attributes(
            Map.of(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, Integer.toString(delivery)))
        .build();
  }

  private static final class NoTraces implements TraceContext {

    @Override
    public Optional<String> currentHeader() {
      return Optional.empty();
    }

    @Override
    public Optional<String> currentTraceId() {
      return Optional.empty();
    }

    @Override
    public <T extends @Nullable Object> T continueFrom(
        @Nullable String awsTraceHeader, String name, Callable<T> work) throws Exception {
      return work.call();
    }

    @Override
    public void run(@Nullable String awsTraceHeader, String name, Runnable work) {
      work.run();
    }
  }
}
