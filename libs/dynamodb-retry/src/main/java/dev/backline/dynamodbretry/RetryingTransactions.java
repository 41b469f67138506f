package dev.backline.dynamodbretry;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Transactions that another writer's conflict or a throttle does not end. The SDK never retries a
 * cancelled transaction; this retries one whose reasons are all passing ones, and never one whose
 * condition failed.
 */
public final class RetryingTransactions {

  private static final Set<String> PASSING =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");
  private static final String NO_REASON = "None";

  private final DynamoDbClient client;
  private final RetrySettings settings;
  private final RetryDeadline deadline;
  private final RetryListener listener;
  private final RandomGenerator random;
  private final Time time;

  public RetryingTransactions(
      DynamoDbClient client,
      RetrySettings settings,
      RetryDeadline deadline,
      RetryListener listener) {
    this(client, settings, deadline, listener, Backoff.RANDOM, Time.SYSTEM);
  }

  RetryingTransactions(
      DynamoDbClient client,
      RetrySettings settings,
      RetryDeadline deadline,
      RetryListener listener,
      RandomGenerator random,
      Time time) {
    this.client = client;
    this.settings = settings;
    this.deadline = deadline;
    this.listener = listener;
    this.random = random;
    this.time = time;
  }

  /**
   * Writes all or nothing. Without a client request token the request gets one, the same for all
   * tries: so a try that succeeded unseen (its answer was lost) does not count twice. DynamoDB
   * remembers a token for 10 minutes.
   *
   * @throws TransactionCanceledException when a condition failed, or when the passing reasons did
   *     not pass in time
   */
  public void write(TransactWriteItemsRequest request) {
    TransactWriteItemsRequest.Builder sent = request.toBuilder();
    if (request.clientRequestToken() == null) {
      sent.clientRequestToken(UUID.randomUUID().toString());
    }
    Patience patience =
        new Patience(
            settings.throttlingBackoff(), settings.operationTimeout(), deadline, random, time);
    for (int attempt = 1; ; attempt++) {
      try {
        client.transactWriteItems(
            sent.overrideConfiguration(BulkCall.within(settings, patience)).build());
        return;
      } catch (TransactionCanceledException e) {
        if (!mayPass(e.cancellationReasons())
            || attempt >= settings.maxAttempts()
            || !patience.waitForRetry()) {
          throw e;
        }
        listener.retried("TransactWriteItems", "transaction-cancelled");
      } catch (TransactionInProgressException e) {
        if (attempt >= settings.maxAttempts() || !patience.waitForRetry()) {
          throw e;
        }
        listener.retried("TransactWriteItems", "transaction-in-progress");
      }
    }
  }

  /**
   * Whether every reason may be gone at the next try. One that may not, such as a failed condition,
   * decides.
   */
  static boolean mayPass(List<CancellationReason> reasons) {
    return reasons.stream().anyMatch(reason -> PASSING.contains(code(reason)))
        && reasons.stream()
            .map(RetryingTransactions::code)
            .allMatch(c -> c.equals(NO_REASON) || PASSING.contains(c));
  }

  private static String code(CancellationReason reason) {
    String code = reason.code();
    return code == null ? NO_REASON : code;
  }
}
