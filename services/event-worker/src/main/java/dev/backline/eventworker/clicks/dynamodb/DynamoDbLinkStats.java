package dev.backline.eventworker.clicks.dynamodb;

import dev.backline.dynamodbretry.RetryingTransactions;
import dev.backline.eventworker.clicks.Chunk;
import dev.backline.eventworker.clicks.LinkStats;
import dev.backline.eventworker.clicks.StatsUpdate;
import dev.backline.eventworker.inbox.PoisonMessageException;
import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import dev.backline.eventworker.inbox.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** One transaction per chunk: the processed marker first, then the updates. */
final class DynamoDbLinkStats implements LinkStats {

  private final RetryingTransactions transactions;
  private final String table;
  private final Duration markerRetention;
  private final Clock clock;

  DynamoDbLinkStats(
      RetryingTransactions transactions, String table, Duration markerRetention, Clock clock) {
    this.transactions = transactions;
    this.table = table;
    this.markerRetention = markerRetention;
    this.clock = clock;
  }

  @Override
  public Outcome add(Chunk chunk) {
    List<TransactWriteItem> items = new ArrayList<>();
    items.add(marker(chunk));
    chunk.updates().forEach(update -> items.add(update(update)));
    try {
      transactions.write(TransactWriteItemsRequest.builder().transactItems(items).build());
      return Outcome.ADDED;
    } catch (TransactionCanceledException e) {
      return outcomeOf(e, chunk);
    } catch (SdkException e) {
      if (e instanceof DynamoDbException refused
          && refused.awsErrorDetails() != null
          && "ValidationException".equals(refused.awsErrorDetails().errorCode())) {
        throw new PoisonMessageException(Reason.REFUSED, "ValidationException");
      }
      throw new StoreUnavailableException("Chunk %d was not counted".formatted(chunk.number()), e);
    }
  }

  /**
   * A marker that exists means counted, also where it is our own: an attempt whose answer was lost
   * looks like that.
   */
  private static Outcome outcomeOf(TransactionCanceledException e, Chunk chunk) {
    List<CancellationReason> reasons =
        e.hasCancellationReasons() ? e.cancellationReasons() : List.of();
    if (!reasons.isEmpty() && "ConditionalCheckFailed".equals(reasons.getFirst().code())) {
      AttributeValue digest = reasons.getFirst().item().get("digest");
      return digest == null || chunk.digest().equals(digest.s())
          ? Outcome.DUPLICATE
          : Outcome.BATCH_REUSED;
    }
    if (reasons.stream().anyMatch(reason -> "ValidationError".equals(reason.code()))) {
      throw new PoisonMessageException(Reason.REFUSED, "ValidationError");
    }
    throw new StoreUnavailableException("Chunk %d was not counted".formatted(chunk.number()), e);
  }

  private TransactWriteItem marker(Chunk chunk) {
    long expireAt = clock.instant().plus(markerRetention).getEpochSecond();
    return TransactWriteItem.builder()
        .put(
            Put.builder()
                .tableName(table)
                .item(
                    Map.of(
                        "code", AttributeValue.fromS("#batch#" + chunk.batch()),
                        "bucket", AttributeValue.fromS(Integer.toString(chunk.number())),
                        "digest", AttributeValue.fromS(chunk.digest()),
                        "expireAt", AttributeValue.fromN(Long.toString(expireAt))))
                .conditionExpression("attribute_not_exists(code)")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build())
        .build();
  }

  private TransactWriteItem update(StatsUpdate update) {
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    StringJoiner additions = new StringJoiner(", ", "ADD ", "");
    update
        .increments()
        .forEach(
            (name, increment) -> {
              int n = names.size();
              names.put("#" + n, name);
              values.put(":" + n, AttributeValue.fromN(Long.toString(increment)));
              additions.add("#%d :%d".formatted(n, n));
            });
    return TransactWriteItem.builder()
        .update(
            Update.builder()
                .tableName(table)
                .key(
                    Map.of(
                        "code", AttributeValue.fromS(update.code()),
                        "bucket", AttributeValue.fromS(update.bucket())))
                .updateExpression(additions.toString())
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .build())
        .build();
  }
}
