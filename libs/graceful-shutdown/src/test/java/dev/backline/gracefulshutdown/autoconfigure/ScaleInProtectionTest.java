package dev.backline.gracefulshutdown.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backline.gracefulshutdown.InvalidShutdownBudgetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.DefaultLifecycleProcessor;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ScaleInProtectionTest {

  private static final String PROTECTED =
      """
      {"protection":{"ExpirationDate":"2030-01-01T00:00:00Z","ProtectionEnabled":true,"TaskArn":"arn:task"}}
      """;
  private static final String RELEASED =
      """
      {"protection":{"ExpirationDate":null,"ProtectionEnabled":false,"TaskArn":"arn:task"}}
      """;
  private static final String PROTECT = "{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":1}";
  private static final String RELEASE = "{\"ProtectionEnabled\":false}";

  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final HttpServer agent = newServer();
  private volatile Duration longestHandling = Duration.ZERO;
  private volatile int status = 200;
  private volatile @Nullable String answer;
  private volatile boolean slow;

  private final EcsAgent client =
      new EcsAgent("http://127.0.0.1:" + agent.getAddress().getPort() + "/api/container");
  private final ScaleInProtection protection =
      new ScaleInProtection(
          client,
          new ScaleInProtectionProperties(true, Duration.ofSeconds(5), Duration.ofMinutes(1)),
          () -> longestHandling,
          Duration.ZERO,
          System::nanoTime);

  @BeforeEach
  void start() {
    agent.createContext("/api/container/task-protection/v1/state", this::answer);
    agent.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    agent.start();
    protection.start();
  }

  @AfterEach
  void stop() {
    mayAnswer.countDown();
    protection.stop();
    client.close();
    agent.stop(0);
  }

  @Test
  void aTaskIsProtectedWhileAMessageTakesLongAndReleasedAfterwards() {
    longestHandling = Duration.ofSeconds(6);
    await().untilAsserted(() -> assertThat(requests).containsExactly(PROTECT));

    longestHandling = Duration.ofSeconds(1);

    await().untilAsserted(() -> assertThat(requests).containsExactly(PROTECT, RELEASE));
  }

  @Test
  void messagesThatEndSoonCauseNoCall() throws Exception {
    longestHandling = Duration.ofMillis(4900);
    protection.look();
    protection.stopIntake();

    assertThat(requests).isEmpty();
  }

  @Test
  void aTaskThatIsToldToStopIsReleasedAndNotProtectedAgain() throws Exception {
    longestHandling = Duration.ofSeconds(6);
    await().untilAsserted(() -> assertThat(requests).containsExactly(PROTECT));

    protection.stopIntake();
    protection.look();

    assertThat(requests).containsExactly(PROTECT, RELEASE);
  }

  @Test
  void protectionIsRenewedBeforeItExpires() throws Exception {
    try (var shortLived =
        new EcsAgent("http://127.0.0.1:" + agent.getAddress().getPort() + "/api/container")) {
      var clock = new long[] {0};
      var renewing =
          new ScaleInProtection(
              shortLived,
              new ScaleInProtectionProperties(true, Duration.ZERO, Duration.ofMinutes(1)),
              () -> Duration.ofSeconds(1),
              Duration.ZERO,
              () -> clock[0]);

      renewing.look();
      clock[0] = Duration.ofSeconds(29).toNanos();
      renewing.look();
      assertThat(requests).containsExactly(PROTECT);
      clock[0] = Duration.ofSeconds(30).toNanos();
      renewing.look();

      assertThat(requests).containsExactly(PROTECT, PROTECT);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"failure\":{\"Arn\":\"arn:task\",\"Detail\":null,\"Reason\":\"DEPLOYMENT_BLOCKED\"}} | DEPLOYMENT_BLOCKED",
        "400 | {\"requestID\":\"1\",\"error\":{\"Arn\":\"arn:task\",\"Code\":\"ThrottlingException\",\"Message\":\"Rate exceeded\"}} | ThrottlingException",
        "403 | {\"error\":{\"Code\":\"AccessDeniedException\",\"Message\":\"not authorized\"}} | AccessDeniedException",
        "504 | {\"error\":{\"Code\":\"RequestCanceled\",\"Message\":\"Timed out\"}} | RequestCanceled",
        "200 | {\"protection\":{\"ProtectionEnabled\":false}} | ProtectionEnabled=false",
        "200 | {\"protection\":true} | protection=true",
        "200 | [] | not JSON",
        "200 | <html> | not JSON",
        "200 | '' | not JSON",
      })
  void whatIsNoYesIsSaidOnceAndTriedAgain(
      int code, String body, String said, CapturedOutput output) {
    status = code;
    answer = body;
    longestHandling = Duration.ofSeconds(6);

    await().until(() -> requests.size() >= 3);

    assertThat(output.toString().split("scale-in protection could not be set", -1)).hasSize(2);
    assertThat(output).contains(said);

    status = 200;
    answer = null;
    longestHandling = Duration.ZERO;
    await().untilAsserted(() -> assertThat(requests).last().isEqualTo(RELEASE));
  }

  @Test
  void anAgentThatIsSlowHoldsUpNoStop() {
    slow = true;
    longestHandling = Duration.ofSeconds(6);
    await().untilAsserted(() -> assertThat(requests).containsExactly(PROTECT));
    slow = false;

    protection.stopIntake();

    assertThat(requests).containsExactly(PROTECT, RELEASE);
  }

  @Test
  void anAgentThatIsGoneIsAFailureLikeOthers(CapturedOutput output) {
    agent.stop(0);
    longestHandling = Duration.ofSeconds(6);

    await().until(() -> output.toString().contains("could not be set: java.net.ConnectException"));
  }

  @Test
  void expiryHasToBeWhatEcsAccepts() {
    assertThatThrownBy(
            () -> new ScaleInProtectionProperties(true, Duration.ZERO, Duration.ofSeconds(59)))
        .isInstanceOf(InvalidShutdownBudgetException.class)
        .hasMessageContaining("scale-in-protection.expires-in=59s");
    assertThatThrownBy(
            () -> new ScaleInProtectionProperties(true, Duration.ZERO, Duration.ofHours(49)))
        .isInstanceOf(InvalidShutdownBudgetException.class);
    assertThatThrownBy(
            () ->
                new ScaleInProtectionProperties(
                    true, Duration.ofSeconds(-1), Duration.ofMinutes(1)))
        .isInstanceOf(InvalidShutdownBudgetException.class);
  }

  @Test
  void itIsOffByDefaultAndDoesNothingOutsideEcs() {
    var runner =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(GracefulShutdownAutoConfiguration.class))
            .withBean("lifecycleProcessor", DefaultLifecycleProcessor.class);

    runner
        .withPropertyValues("ECS_AGENT_URI=http://127.0.0.1:1")
        .run(context -> assertThat(context).doesNotHaveBean(ScaleInProtection.class));
    runner
        .withPropertyValues("backline.shutdown.scale-in-protection.enabled=true")
        .run(context -> assertThat(context).doesNotHaveBean(ScaleInProtection.class));
    runner
        .withPropertyValues(
            "backline.shutdown.scale-in-protection.enabled=true",
            "ECS_AGENT_URI=http://127.0.0.1:1")
        .run(context -> assertThat(context).hasSingleBean(ScaleInProtection.class));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      assertThat(exchange.getRequestMethod()).isEqualTo("PUT");
      String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      boolean waits = slow;
      requests.add(request);
      if (waits) {
        mayAnswer.await();
      }
      String fitting = request.equals(RELEASE) ? RELEASED : PROTECTED;
      byte[] body = Objects.requireNonNullElse(answer, fitting).getBytes(UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
