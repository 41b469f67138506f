package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** Against a server that takes connections and never answers. */
@Timeout(180)
class AsyncSqsCallsTest {

  private final AsyncSqsCalls calls = new AsyncSqsCalls();
  private final ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  AsyncSqsCallsTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    silent.close();
  }

  @Test
  void aCallCountsUntilItFails() {
    try (SqsAsyncClient sqs = client(Duration.ofSeconds(8))) {
      CompletableFuture<SendMessageResponse> sending = send(sqs);

      assertThat(calls.calls().inFlight()).isEqualTo(1);
      assertThat(sending).failsWithin(Duration.ofSeconds(60));
      await().atMost(Duration.ofMinutes(1)).until(() -> calls.calls().inFlight() == 0);
    }
  }

  @Test
  void aCallThatIsCancelledCountsNoMore() {
    try (SqsAsyncClient sqs = client(Duration.ofMinutes(1))) {
      CompletableFuture<SendMessageResponse> sending = send(sqs);
      assertThat(calls.calls().inFlight()).isEqualTo(1);

      sending.cancel(true);

      await().atMost(Duration.ofMinutes(1)).until(() -> calls.calls().inFlight() == 0);
    }
  }

  @Test
  void aLongPollIsNotAwaited() {
    try (SqsAsyncClient sqs = client(Duration.ofMinutes(1))) {
      var polling = sqs.receiveMessage(request -> request.queueUrl("http://127.0.0.1/q"));

      assertThat(polling).isNotDone();
      assertThat(calls.calls().inFlight()).isZero();
      polling.cancel(true);
    }
  }

  private static CompletableFuture<SendMessageResponse> send(SqsAsyncClient sqs) {
    return sqs.sendMessage(request -> request.queueUrl("http://127.0.0.1/q").messageBody("one"));
  }

  private SqsAsyncClient client(Duration timeout) {
    return calls.track(
        SqsAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
            .region(Region.AP_NORTHEAST_2)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(configuration -> configuration.apiCallTimeout(timeout))
            .build());
  }
}
