package dev.backline.dynamodbretry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

class CompleteBatchesTest {

  private final FakeDynamoDb server = new FakeDynamoDb();
  // The SDK's own retries would wait in real time.
  private final DynamoDbClient client =
      server.client(
          ClientOverrideConfiguration.builder()
              .retryStrategy(DefaultRetryStrategy.doNotRetry())
              .build());
  private final VirtualTime time = new VirtualTime();
  private final List<String> retries = new ArrayList<>();
  private final CompleteBatches batches = batches(RetryDeadline.never());

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void aLargeBatchIsCutIntoPiecesOfTwentyFive() {
    batches.writeAll("things", puts(0, 61));

    assertThat(server.calls()).hasSize(3);
    assertThat(server.items()).hasSize(61);
    assertThat(time.waits()).isEmpty();
  }

  @Test
  void whatDynamoDbLeftUnprocessedIsWrittenLater() {
    server.thenProcessOnly(10, 0, 24, 0, 0);

    batches.writeAll("things", puts(0, 60));

    assertThat(server.items()).hasSize(60);
    assertThat(retries).hasSize(5).containsOnly("BatchWriteItem unprocessed");
    assertThat(time.waits())
        .hasSize(5)
        .allMatch(wait -> wait.compareTo(Duration.ofSeconds(2)) <= 0);
  }

  @Test
  void aThrottledBatchIsWrittenLater() {
    server.thenAnswer(4, FakeDynamoDb.throttle());

    batches.writeAll("things", puts(0, 5));

    assertThat(server.items()).hasSize(5);
    assertThat(retries).hasSize(4).containsOnly("BatchWriteItem throttling");
  }

  @Test
  void whatCannotBeWrittenInTimeIsHandedBack() {
    server.thenProcessOnly(25, 3);
    server.thenProcessOnly(new int[10_000]);

    assertThatExceptionOfType(IncompleteBatchException.class)
        .isThrownBy(() -> batches.writeAll("things", puts(0, 40)))
        .withMessageContaining("12 writes to things not done")
        .satisfies(e -> assertThat(ids(e.unwritten())).isEqualTo(names(28, 40)));
    assertThat(server.items()).hasSize(28);
    assertThat(time.waited()).isLessThanOrEqualTo(RetrySettings.defaults().operationTimeout());
  }

  @Test
  void theDeadlineOfTheProcessEndsTheRetries() {
    server.thenProcessOnly(new int[10_000]);

    assertThatExceptionOfType(IncompleteBatchException.class)
        .isThrownBy(() -> batches(() -> Duration.ZERO).writeAll("things", puts(0, 3)));

    assertThat(time.waits()).isEmpty();
  }

  @Test
  void aCallThatIsCancelledWhileItWaitsForAConnectionTellsWhatIsLeft() {
    ExecutionInterceptor cancelled =
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            throw new CancellationException();
          }
        };
    try (DynamoDbClient cancelling =
        server.client(
            ClientOverrideConfiguration.builder().addExecutionInterceptor(cancelled).build())) {
      assertThatExceptionOfType(IncompleteBatchException.class)
          .isThrownBy(
              () -> batches(cancelling, RetryDeadline.never()).writeAll("things", puts(0, 3)))
          .withCauseInstanceOf(CancellationException.class)
          .satisfies(e -> assertThat(e.unwritten()).hasSize(3));
    }
  }

  @Test
  void aCallThatFailsForGoodTellsWhatIsLeft() {
    server
        .thenAnswer(1, new FakeDynamoDb.Answer(200, "{}"))
        .thenAnswer(1, FakeDynamoDb.error("AccessDeniedException"));

    assertThatExceptionOfType(IncompleteBatchException.class)
        .isThrownBy(() -> batches.writeAll("things", puts(0, 30)))
        .withCauseInstanceOf(DynamoDbException.class)
        .satisfies(e -> assertThat(e.unwritten()).hasSize(5));
  }

  @Test
  void itemsComeInTheOrderOfTheirKeysAndMissingOnesAreLeftOut() {
    batches.writeAll("things", puts(0, 250));
    server.thenProcessOnly(7, 0, 100, 1);

    List<Map<String, AttributeValue>> items =
        batches.getAll("things", keys(240, 260, 0, 130, 240, 245));

    assertThat(items.stream().map(CompleteBatchesTest::id))
        .containsExactlyElementsOf(concat(names(240, 250), names(0, 130)));
    assertThat(retries).containsOnly("BatchGetItem unprocessed");
  }

  @Test
  void keysThatCannotBeReadInTimeAreHandedBack() {
    server.thenProcessOnly(new int[10_000]);

    assertThatExceptionOfType(IncompleteBatchException.class)
        .isThrownBy(() -> batches.getAll("things", keys(0, 3)))
        .satisfies(e -> assertThat(e.unread()).isEqualTo(keys(0, 3)));
  }

  @Test
  void nothingIsAskedForAnEmptyBatch() {
    batches.writeAll("things", List.of());

    assertThat(batches.getAll("things", List.of())).isEmpty();
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void everythingIsWrittenWhateverIsLeftUnprocessedForEverySeed() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      server.thenProcessOnly(random.ints(10, 0, 26).toArray());

      int from = (int) seed * 1_000;
      batches.writeAll("things", puts(from, from + random.nextInt(1, 120)));

      assertThat(server.items()).as("seed %d", seed).containsKey("id" + from);
    }
    assertThat(time.waits())
        .allMatch(wait -> !wait.isNegative() && wait.compareTo(Duration.ofSeconds(2)) <= 0);
  }

  private CompleteBatches batches(RetryDeadline deadline) {
    return batches(client, deadline);
  }

  private CompleteBatches batches(DynamoDbClient client, RetryDeadline deadline) {
    return new CompleteBatches(
        client,
        RetrySettings.defaults(),
        deadline,
        (operation, reason) -> retries.add(operation + " " + reason),
        new Random(7),
        time);
  }

  private static List<WriteRequest> puts(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> WriteRequest.builder().putRequest(put -> put.item(key(i))).build())
        .toList();
  }

  private static List<Map<String, AttributeValue>> keys(int... bounds) {
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      IntStream.range(bounds[i], bounds[i + 1])
          .mapToObj(CompleteBatchesTest::key)
          .forEach(keys::add);
    }
    return keys;
  }

  private static Map<String, AttributeValue> key(int i) {
    return Map.of("id", AttributeValue.fromS("id" + i));
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "id" + i).toList();
  }

  private static List<String> ids(List<WriteRequest> writes) {
    return writes.stream().map(write -> id(write.putRequest().item())).toList();
  }

  private static String id(Map<String, AttributeValue> item) {
    return Objects.requireNonNull(item.get("id")).s();
  }

  private static List<String> concat(List<String> a, List<String> b) {
    List<String> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }
}
