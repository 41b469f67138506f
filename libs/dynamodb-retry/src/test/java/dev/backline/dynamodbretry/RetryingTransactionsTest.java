package dev.backline.dynamodbretry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.jayway.jsonpath.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

class RetryingTransactionsTest {

  private static final TransactWriteItem PUT =
      TransactWriteItem.builder()
          .put(put -> put.tableName("things").item(Map.of("id", AttributeValue.fromS("a"))))
          .build();
  private static final TransactWriteItemsRequest REQUEST =
      TransactWriteItemsRequest.builder().transactItems(PUT).build();

  private final FakeDynamoDb server = new FakeDynamoDb();
  private final DynamoDbClient client =
      server.client(
          ClientOverrideConfiguration.builder()
              .retryStrategy(DefaultRetryStrategy.doNotRetry())
              .build());
  private final VirtualTime time = new VirtualTime();
  private final List<String> retries = new ArrayList<>();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "TransactionConflict, true",
    "None TransactionConflict, true",
    "ThrottlingError, true",
    "ProvisionedThroughputExceeded None ThrottlingError TransactionConflict, true",
    "ConditionalCheckFailed, false",
    "TransactionConflict ConditionalCheckFailed, false",
    "TransactionConflict ValidationError, false",
    "ItemCollectionSizeLimitExceeded, false",
    "SomethingNew TransactionConflict, false",
    "None None, false",
  })
  void onlyReasonsThatAllMayPassAreRetried(String codes, boolean retried) {
    assertThat(
            RetryingTransactions.mayPass(
                Stream.of(codes.split(" "))
                    .map(code -> CancellationReason.builder().code(code).build())
                    .toList()))
        .isEqualTo(retried);
  }

  @Test
  void aTransactionThatCollidedIsTriedAgainWithTheSameToken() {
    server
        .thenAnswer(2, FakeDynamoDb.cancelled("None", "TransactionConflict"))
        .thenAnswer(1, FakeDynamoDb.error("TransactionInProgressException"));

    transactions(RetryDeadline.never()).write(REQUEST);

    assertThat(tokens()).hasSize(4).doesNotContainNull().containsOnly(tokens().getFirst());
    assertThat(retries)
        .containsExactly(
            "TransactWriteItems transaction-cancelled",
            "TransactWriteItems transaction-cancelled",
            "TransactWriteItems transaction-in-progress");
  }

  @Test
  void twoTransactionsHaveDifferentTokensAndAGivenTokenIsKept() {
    RetryingTransactions transactions = transactions(RetryDeadline.never());
    transactions.write(REQUEST);
    transactions.write(REQUEST);
    transactions.write(REQUEST.toBuilder().clientRequestToken("mine").build());

    assertThat(tokens()).doesNotHaveDuplicates().endsWith("mine");
  }

  @Test
  void aFailedConditionIsNeverRetried() {
    server.thenAnswer(1, FakeDynamoDb.cancelled("TransactionConflict", "ConditionalCheckFailed"));

    assertThatExceptionOfType(TransactionCanceledException.class)
        .isThrownBy(() -> transactions(RetryDeadline.never()).write(REQUEST));

    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void aConflictThatStaysIsReportedAfterTheLastAttempt() {
    server.thenAnswer(100, FakeDynamoDb.cancelled("TransactionConflict"));

    assertThatExceptionOfType(TransactionCanceledException.class)
        .isThrownBy(() -> transactions(RetryDeadline.never()).write(REQUEST));

    assertThat(server.calls()).hasSize(RetrySettings.defaults().maxAttempts());
    assertThat(time.waited()).isLessThanOrEqualTo(RetrySettings.defaults().operationTimeout());
  }

  @Test
  void theDeadlineOfTheProcessEndsTheRetries() {
    server.thenAnswer(100, FakeDynamoDb.cancelled("TransactionConflict"));
    Iterator<Duration> left = List.of(Duration.ofSeconds(20), Duration.ZERO).iterator();

    assertThatExceptionOfType(TransactionCanceledException.class)
        .isThrownBy(() -> transactions(left::next).write(REQUEST));

    assertThat(server.calls()).hasSize(1);
    assertThat(time.waits()).isEmpty();
  }

  private List<String> tokens() {
    return server.calls().stream()
        .map(call -> JsonPath.<String>read(call.body(), "$.ClientRequestToken"))
        .toList();
  }

  private RetryingTransactions transactions(RetryDeadline deadline) {
    return new RetryingTransactions(
        client,
        RetrySettings.defaults(),
        deadline,
        (operation, reason) -> retries.add(operation + " " + reason),
        new Random(7),
        time);
  }
}
