package dev.backline.eventworker.campaign.dynamodb;

import dev.backline.dynamodbretry.RetryingTransactions;
import dev.backline.eventworker.campaign.CampaignChange;
import dev.backline.eventworker.campaign.CampaignPreviews;
import dev.backline.eventworker.inbox.PoisonMessageException;
import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import dev.backline.eventworker.inbox.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Previews by slug, and for a campaign that became a draft a marker under {@code #draft#<slug>}
 * with the version of that change: without it, an older event that arrives late would publish the
 * campaign again. A slug has no {@code #}, so no reader meets a marker, and drafts never appear
 * under their slug.
 */
final class DynamoDbCampaignPreviews implements CampaignPreviews {

  private static final String IS_NEWER = "attribute_not_exists(slug) OR version < :version";

  private final DynamoDbClient dynamoDb;
  private final RetryingTransactions transactions;
  private final String table;
  private final Duration draftMarkerRetention;
  private final Clock clock;

  DynamoDbCampaignPreviews(
      DynamoDbClient dynamoDb,
      RetryingTransactions transactions,
      String table,
      Duration draftMarkerRetention,
      Clock clock) {
    this.dynamoDb = dynamoDb;
    this.transactions = transactions;
    this.table = table;
    this.draftMarkerRetention = draftMarkerRetention;
    this.clock = clock;
  }

  @Override
  public Outcome apply(CampaignChange change) {
    return switch (change.status()) {
      case PUBLISHED, CLOSED -> show(change);
      case DRAFT -> withdraw(change);
    };
  }

  private Outcome show(CampaignChange change) {
    TransactWriteItem preview =
        TransactWriteItem.builder()
            .put(
                Put.builder()
                    .tableName(table)
                    .item(preview(change))
                    .conditionExpression(IS_NEWER)
                    .expressionAttributeValues(version(change))
                    .returnValuesOnConditionCheckFailure(
                        ReturnValuesOnConditionCheckFailure.ALL_OLD)
                    .build())
            .build();
    TransactWriteItem noLaterDraft =
        TransactWriteItem.builder()
            .conditionCheck(
                ConditionCheck.builder()
                    .tableName(table)
                    .key(Map.of("slug", AttributeValue.fromS(draftKey(change))))
                    .conditionExpression(IS_NEWER)
                    .expressionAttributeValues(version(change))
                    .build())
            .build();
    return calling(
        () -> {
          try {
            transactions.write(
                TransactWriteItemsRequest.builder().transactItems(preview, noLaterDraft).build());
            return Outcome.APPLIED;
          } catch (TransactionCanceledException e) {
            List<CancellationReason> reasons =
                e.hasCancellationReasons() ? e.cancellationReasons() : List.of();
            if (reasons.stream().noneMatch(r -> "ConditionalCheckFailed".equals(r.code()))) {
              throw e;
            }
            return isSameVersion(reasons.getFirst().item(), change)
                ? Outcome.REPEATED
                : Outcome.OUTDATED;
          }
        });
  }

  /** The marker goes first: from then on no older event can put a preview back. */
  private Outcome withdraw(CampaignChange change) {
    return calling(
        () -> {
          boolean repeated = false;
          try {
            dynamoDb.putItem(
                put ->
                    put.tableName(table)
                        .item(draftMarker(change))
                        .conditionExpression(IS_NEWER)
                        .expressionAttributeValues(version(change))
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD));
          } catch (ConditionalCheckFailedException e) {
            if (!isSameVersion(e.item(), change)) {
              return Outcome.OUTDATED;
            }
            repeated = true;
          }
          boolean removed = false;
          try {
            removed =
                dynamoDb
                    .deleteItem(
                        delete ->
                            delete
                                .tableName(table)
                                .key(Map.of("slug", AttributeValue.fromS(change.slug())))
                                .conditionExpression(IS_NEWER)
                                .expressionAttributeValues(version(change))
                                .returnValues(ReturnValue.ALL_OLD))
                    .hasAttributes();
          } catch (ConditionalCheckFailedException e) {
            return Outcome.OUTDATED;
          }
          if (repeated) {
            return Outcome.REPEATED;
          }
          return removed ? Outcome.APPLIED : Outcome.INVISIBLE;
        });
  }

  private static Outcome calling(Supplier<Outcome> dynamoDb) {
    try {
      return dynamoDb.get();
    } catch (SdkException e) {
      boolean refused =
          switch (e) {
            case TransactionCanceledException canceled ->
                canceled.hasCancellationReasons()
                    && canceled.cancellationReasons().stream()
                        .anyMatch(reason -> "ValidationError".equals(reason.code()));
            case DynamoDbException failed ->
                failed.awsErrorDetails() != null
                    && "ValidationException".equals(failed.awsErrorDetails().errorCode());
            default -> false;
          };
      if (refused) {
        throw new PoisonMessageException(Reason.REFUSED, "DynamoDB finds the item invalid");
      }
      throw new StoreUnavailableException("The preview was not written", e);
    }
  }

  private static boolean isSameVersion(
      @Nullable Map<String, AttributeValue> item, CampaignChange change) {
    AttributeValue version = item == null ? null : item.get("version");
    return version != null && Long.toString(change.version()).equals(version.n());
  }

  private static Map<String, AttributeValue> preview(CampaignChange change) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("slug", AttributeValue.fromS(change.slug()));
    item.put("status", AttributeValue.fromS(change.status().text()));
    item.put("version", AttributeValue.fromN(Long.toString(change.version())));
    putText(item, "title", change.title());
    putText(item, "description", change.description());
    putText(item, "artist", change.artist());
    putText(item, "city", change.city());
    putText(item, "imageKey", change.imageKey());
    putText(item, "opensAt", change.opensAt());
    putText(item, "closesAt", change.closesAt());
    putText(item, "updatedAt", change.occurredAt());
    return item;
  }

  private Map<String, AttributeValue> draftMarker(CampaignChange change) {
    long purgeAt = clock.instant().plus(draftMarkerRetention).getEpochSecond();
    return Map.of(
        "slug", AttributeValue.fromS(draftKey(change)),
        "version", AttributeValue.fromN(Long.toString(change.version())),
        "purgeAt", AttributeValue.fromN(Long.toString(purgeAt)));
  }

  private static String draftKey(CampaignChange change) {
    return "#draft#" + change.slug();
  }

  private static Map<String, AttributeValue> version(CampaignChange change) {
    return Map.of(":version", AttributeValue.fromN(Long.toString(change.version())));
  }

  private static void putText(
      Map<String, AttributeValue> item, String name, @Nullable Object value) {
    if (value != null) {
      item.put(name, AttributeValue.fromS(value.toString()));
    }
  }
}
