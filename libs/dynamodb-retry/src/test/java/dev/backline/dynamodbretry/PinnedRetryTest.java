package dev.backline.dynamodbretry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

class PinnedRetryTest {

  private final FakeDynamoDb server = new FakeDynamoDb();
  private final List<String> retries = new ArrayList<>();

  @AfterEach
  void stop() {
    server.close();
  }

  /**
   * The settings of the SDK's environment that change the numbers of a client that is not pinned.
   */
  @ParameterizedTest
  @CsvSource({
    "aws.region, ap-northeast-2",
    "aws.retryMode, adaptive",
    "aws.retryMode, legacy",
    "aws.maxAttempts, 3",
    "aws.newRetries2026, true"
  })
  void aBuiltClientHasTheseNumbersWhateverTheEnvironmentSays(String property, String value) {
    String before = System.setProperty(property, value);
    try (DynamoDbClient client = client(RetryDeadline.never())) {
      RetryStrategy strategy =
          client.serviceClientConfiguration().overrideConfiguration().retryStrategy().orElseThrow();

      assertThat(strategy.maxAttempts()).isEqualTo(6);
      assertThat(longestDelays(strategy, false)).containsExactly(25L, 50L, 100L, 200L, 400L);
      assertThat(longestDelays(strategy, true)).containsExactly(100L, 200L, 400L, 800L, 1600L);
    } finally {
      restore(property, before);
    }
  }

  @Test
  void aBuiltClientHasTimeOuts() {
    try (DynamoDbClient client = client(RetryDeadline.never())) {
      var configuration = client.serviceClientConfiguration().overrideConfiguration();

      assertThat(configuration.apiCallTimeout()).contains(Duration.ofSeconds(5));
      assertThat(configuration.apiCallAttemptTimeout()).contains(Duration.ofSeconds(1));
    }
  }

  @Test
  void whatOthersConfiguredIsKept() {
    ClientOverrideConfiguration others =
        ClientOverrideConfiguration.builder()
            .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX, "ours")
            .putHeader("x-tenant", "a")
            .build();

    ClientOverrideConfiguration pinned = pinned(RetryDeadline.never()).applyTo(others);

    assertThat(pinned.advancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX)).contains("ours");
    assertThat(pinned.headers()).containsKey("x-tenant");
  }

  @Test
  void throttlesAndServerErrorsAreRetriedAndReported() {
    server.thenAnswer(2, FakeDynamoDb.throttle()).thenAnswer(1, FakeDynamoDb.serverError());

    try (DynamoDbClient client = patientClient(RetryDeadline.never())) {
      put(client);
    }

    assertThat(server.calls()).hasSize(4);
    assertThat(retries)
        .containsExactly("PutItem throttling", "PutItem throttling", "PutItem server-error");
  }

  @Test
  void aFailedConditionIsNotRetried() {
    server.thenAnswer(10, FakeDynamoDb.error("ConditionalCheckFailedException"));

    try (DynamoDbClient client = patientClient(RetryDeadline.never())) {
      assertThatExceptionOfType(ConditionalCheckFailedException.class)
          .isThrownBy(() -> put(client));
    }

    assertThat(server.calls()).hasSize(1);
    assertThat(retries).isEmpty();
  }

  @Test
  void aStoppingProcessDoesNotRetry() {
    server.thenAnswer(10, FakeDynamoDb.throttle());

    try (DynamoDbClient client = patientClient(() -> Duration.ZERO)) {
      assertThatExceptionOfType(ProvisionedThroughputExceededException.class)
          .isThrownBy(() -> put(client));
    }

    assertThat(server.calls()).hasSize(1);
  }

  private PinnedRetry pinned(RetryDeadline deadline) {
    return pinned(RetrySettings.defaults(), deadline);
  }

  private PinnedRetry pinned(RetrySettings settings, RetryDeadline deadline) {
    return new PinnedRetry(
        settings, deadline, (operation, reason) -> retries.add(operation + " " + reason));
  }

  private DynamoDbClient client(RetryDeadline deadline) {
    return client(pinned(deadline));
  }

  /** On a busy machine the first call of a JVM can take longer than an attempt may by default. */
  private DynamoDbClient patientClient(RetryDeadline deadline) {
    Duration minute = Duration.ofMinutes(1);
    RetrySettings defaults = RetrySettings.defaults();
    RetrySettings patient =
        new RetrySettings(
            defaults.maxAttempts(),
            defaults.baseDelay(),
            defaults.throttlingBaseDelay(),
            defaults.maxDelay(),
            minute,
            minute,
            minute,
            minute);
    return client(pinned(patient, deadline));
  }

  private DynamoDbClient client(PinnedRetry pinned) {
    return server.client(pinned.applyTo(ClientOverrideConfiguration.builder().build()));
  }

  private static void put(DynamoDbClient client) {
    client.putItem(put -> put.tableName("things").item(Map.of("id", AttributeValue.fromS("a"))));
  }

  /** Asks the strategy often enough to see how long its jitter can get, to the millisecond. */
  private static List<Long> longestDelays(RetryStrategy strategy, boolean throttled) {
    List<Long> longest = new ArrayList<>(List.of(0L, 0L, 0L, 0L, 0L));
    // Its budget for retries would soon be spent.
    RetryStrategy unlimited =
        ((StandardRetryStrategy.Builder) strategy.toBuilder()).circuitBreakerEnabled(false).build();
    for (int i = 0; i < 200_000; i++) {
      if (longest.equals(
          throttled
              ? List.of(100L, 200L, 400L, 800L, 1600L)
              : List.of(25L, 50L, 100L, 200L, 400L))) {
        break;
      }
      var token = unlimited.acquireInitialToken(AcquireInitialTokenRequest.create("test")).token();
      for (int retry = 0; retry < longest.size(); retry++) {
        var refreshed =
            unlimited.refreshRetryToken(
                RefreshRetryTokenRequest.builder()
                    .token(token)
                    .failure(throttled ? throttle() : failure())
                    .suggestedDelay(Duration.ZERO)
                    .build());
        token = refreshed.token();
        longest.set(
            retry, Math.max(longest.get(retry), refreshed.delay().plusMillis(1).toMillis()));
      }
    }
    return longest;
  }

  private static Throwable throttle() {
    return ProvisionedThroughputExceededException.builder()
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder().errorCode("ProvisionedThroughputExceededException").build())
        .build();
  }

  private static Throwable failure() {
    return InternalServerErrorException.builder()
        .statusCode(500)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("InternalServerError").build())
        .build();
  }

  private static void restore(String property, String before) {
    if (before == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, before);
    }
  }
}
