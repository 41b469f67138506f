package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** What the code relies on in DynamoDB. */
@LocalCloud(shared = "contract")
class DynamoDbContractTest {

  private final DynamoDbClient dynamoDb;
  private final String links;
  private final String linkStats;
  private final String previews;

  DynamoDbContractTest(Cloud cloud) {
    dynamoDb = cloud.dynamoDb();
    links = cloud.table("links");
    linkStats = cloud.table("link-stats");
    previews = cloud.table("campaign-previews");
  }

  @Test
  void aConditionalPutSucceedsOnceAndThenReturnsWhatIsThere() {
    var code = unique();
    putIfAbsent(code, "first");

    assertThatExceptionOfType(ConditionalCheckFailedException.class)
        .isThrownBy(() -> putIfAbsent(code, "second"))
        .satisfies(e -> assertThat(e.item()).containsEntry("targetUrl", text("first")));
    assertThat(get(code)).containsEntry("targetUrl", text("first"));
  }

  @Test
  void anUpdateWithAnOutdatedVersionIsRefusedAndChangesNothing() {
    var code = unique();
    dynamoDb.putItem(
        r -> r.tableName(links).item(Map.of("code", text(code), "version", number(2))));

    assertThatExceptionOfType(ConditionalCheckFailedException.class)
        .isThrownBy(
            () ->
                dynamoDb.updateItem(
                    r ->
                        r.tableName(links)
                            .key(Map.of("code", text(code)))
                            .updateExpression("SET version = :next")
                            .conditionExpression("version = :expected")
                            .expressionAttributeValues(
                                Map.of(":next", number(2), ":expected", number(1)))));
    assertThat(get(code)).containsEntry("version", number(2));
  }

  @Test
  void anUpdateReturnsTheNewItem() {
    var code = unique();
    var updated =
        dynamoDb.updateItem(
            r ->
                r.tableName(links)
                    .key(Map.of("code", text(code)))
                    .updateExpression("SET targetUrl = :url ADD version :one")
                    .expressionAttributeValues(Map.of(":url", text("there"), ":one", number(1)))
                    .returnValues(ReturnValue.ALL_NEW));

    assertThat(updated.attributes())
        .containsEntry("targetUrl", text("there"))
        .containsEntry("version", number(1));
  }

  @Test
  void attributesWithDotsCanBeCountedThroughNames() {
    var code = unique();
    for (int i = 0; i < 3; i++) {
      dynamoDb.updateItem(
          r ->
              r.tableName(linkStats)
                  .key(Map.of("code", text(code), "bucket", text("2026-11-22T10")))
                  .updateExpression("ADD #country :one")
                  .expressionAttributeNames(Map.of("#country", "country.KR"))
                  .expressionAttributeValues(Map.of(":one", number(1))));
    }
    var item =
        dynamoDb
            .getItem(
                r ->
                    r.tableName(linkStats)
                        .key(Map.of("code", text(code), "bucket", text("2026-11-22T10"))))
            .item();
    assertThat(item).containsEntry("country.KR", number(3));
  }

  @Test
  @Differs(on = "floci", how = "adds to a text as if it were zero")
  void aTextIsNotCounted() {
    var code = unique();
    putIfAbsent(code, "text");

    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(
            () ->
                dynamoDb.updateItem(
                    r ->
                        r.tableName(links)
                            .key(Map.of("code", text(code)))
                            .updateExpression("ADD targetUrl :one")
                            .expressionAttributeValues(Map.of(":one", number(1)))))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
  }

  @Test
  void aCancelledTransactionWritesNothingAndTellsTheReasonOfEachItem() {
    var taken = unique();
    var fresh = unique();
    putIfAbsent(taken, "first");

    assertThatExceptionOfType(TransactionCanceledException.class)
        .isThrownBy(() -> putAllIfAbsent(null, fresh, taken))
        .satisfies(
            e ->
                assertThat(e.cancellationReasons())
                    .extracting(CancellationReason::code)
                    .containsExactly("None", "ConditionalCheckFailed"))
        .satisfies(
            e ->
                assertThat(e.cancellationReasons().getLast().item())
                    .containsEntry("code", text(taken)));
    assertThat(get(fresh)).isEmpty();
  }

  @Test
  void aTransactionThatIsRepeatedWithItsTokenIsAppliedOnce() {
    var token = UUID.randomUUID().toString();
    var code = unique();

    putAllIfAbsent(token, code);
    putAllIfAbsent(token, code);

    assertThat(get(code)).isNotEmpty();
    assertThatExceptionOfType(IdempotentParameterMismatchException.class)
        .isThrownBy(() -> putAllIfAbsent(token, unique()));
  }

  @Test
  void aTransactionTakesAHundredItemsAndNoMore() {
    putAllIfAbsent(null, IntStream.range(0, 100).mapToObj(i -> unique()).toArray(String[]::new));

    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(
            () ->
                putAllIfAbsent(
                    null, IntStream.range(0, 101).mapToObj(i -> unique()).toArray(String[]::new)))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
  }

  @Test
  void theOwnerIndexIsPagedNewestFirst() {
    var owner = unique();
    var codes = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      var code = unique();
      var createdAt = "2026-11-22T10:00:0" + i + ".000Z";
      codes.addFirst(code);
      dynamoDb.putItem(
          r ->
              r.tableName(links)
                  .item(
                      Map.of(
                          "code", text(code), "owner", text(owner), "createdAt", text(createdAt))));
    }
    var found = new ArrayList<String>();
    var pages = 0;
    Map<String, AttributeValue> start = Map.of();
    do {
      var page = pageOf(owner, start);
      page.items().forEach(item -> found.add(item.getOrDefault("code", text("")).s()));
      start = page.lastEvaluatedKey();
      pages++;
    } while (!start.isEmpty());

    assertThat(found).isEqualTo(codes);
    assertThat(pages).isEqualTo(3);
  }

  /** BUCKET is a reserved word. */
  @Test
  void aRangeOfBucketsIsReadInOrder() {
    var code = unique();
    for (var bucket :
        List.of(
            "2026-11-22T09", "2026-11-22T10", "2026-11-22T10#referrer#direct", "2026-11-22T11")) {
      dynamoDb.putItem(
          r ->
              r.tableName(linkStats)
                  .item(Map.of("code", text(code), "bucket", text(bucket), "person", number(1))));
    }
    var found =
        dynamoDb.query(
            r ->
                r.tableName(linkStats)
                    .keyConditionExpression("code = :code AND #bucket BETWEEN :from AND :to")
                    .expressionAttributeNames(Map.of("#bucket", "bucket"))
                    .expressionAttributeValues(
                        Map.of(
                            ":code",
                            text(code),
                            ":from",
                            text("2026-11-22T10"),
                            ":to",
                            text("2026-11-22T10~"))));

    assertThat(found.items())
        .extracting(item -> item.getOrDefault("bucket", text("")).s())
        .containsExactly("2026-11-22T10", "2026-11-22T10#referrer#direct");
  }

  @Test
  void timeToLiveIsEnabledOnTheAttributesOfTheTemplate() {
    assertThat(List.of(links, linkStats, previews))
        .extracting(
            table -> dynamoDb.describeTimeToLive(r -> r.tableName(table)).timeToLiveDescription())
        .allSatisfy(ttl -> assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED))
        .extracting(ttl -> ttl.attributeName())
        .containsExactly("purgeAt", "expireAt", "purgeAt");
  }

  @Test
  void aBatchTakes25WritesAnd100ReadsAndNoMore() {
    var codes = IntStream.range(0, 101).mapToObj(i -> unique()).toList();
    writeBatch(codes.subList(0, 25));
    assertThat(readBatch(codes.subList(0, 100))).hasSize(25);

    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> writeBatch(codes.subList(0, 26)))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> readBatch(codes))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
  }

  @Test
  void anItemOfMoreThan400KilobytesIsRefused() {
    assertThatExceptionOfType(DynamoDbException.class)
        .isThrownBy(() -> putIfAbsent(unique(), "x".repeat(410_000)))
        .satisfies(
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
  }

  @Test
  void aMissingTableIsATypedError() {
    assertThatExceptionOfType(ResourceNotFoundException.class)
        .isThrownBy(() -> dynamoDb.describeTable(r -> r.tableName("no-such-table")))
        .asInstanceOf(type(ResourceNotFoundException.class))
        .satisfies(e -> assertThat(e.requestId()).isNotBlank());
  }

  private void putIfAbsent(String code, String targetUrl) {
    dynamoDb.putItem(
        r ->
            r.tableName(links)
                .item(Map.of("code", text(code), "targetUrl", text(targetUrl)))
                .conditionExpression("attribute_not_exists(code)")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
  }

  private void putAllIfAbsent(@Nullable String token, String... codes) {
    var items = new ArrayList<TransactWriteItem>();
    for (var code : codes) {
      items.add(
          TransactWriteItem.builder()
              .put(
                  p ->
                      p.tableName(links)
                          .item(Map.of("code", text(code)))
                          .conditionExpression("attribute_not_exists(code)")
                          .returnValuesOnConditionCheckFailure(
                              ReturnValuesOnConditionCheckFailure.ALL_OLD))
              .build());
    }
    dynamoDb.transactWriteItems(r -> r.transactItems(items).clientRequestToken(token));
  }

  private Map<String, AttributeValue> get(String code) {
    return dynamoDb
        .getItem(r -> r.tableName(links).key(Map.of("code", text(code))).consistentRead(true))
        .item();
  }

  private QueryResponse pageOf(String owner, Map<String, AttributeValue> start) {
    return dynamoDb.query(
        r -> {
          r.tableName(links)
              .indexName("by-owner")
              .keyConditionExpression("#owner = :owner")
              .expressionAttributeNames(Map.of("#owner", "owner"))
              .expressionAttributeValues(Map.of(":owner", text(owner)))
              .scanIndexForward(false)
              .limit(3);
          if (!start.isEmpty()) {
            r.exclusiveStartKey(start);
          }
        });
  }

  private void writeBatch(List<String> codes) {
    var writes =
        codes.stream()
            .map(
                code ->
                    WriteRequest.builder()
                        .putRequest(p -> p.item(Map.of("code", text(code))))
                        .build())
            .toList();
    assertThat(
            dynamoDb.batchWriteItem(r -> r.requestItems(Map.of(links, writes))).unprocessedItems())
        .isEmpty();
  }

  private List<Map<String, AttributeValue>> readBatch(List<String> codes) {
    var keys = codes.stream().map(code -> Map.of("code", text(code))).toList();
    var answer =
        dynamoDb.batchGetItem(r -> r.requestItems(new HashMap<>(Map.of(links, keysOf(keys)))));
    return answer.responses().getOrDefault(links, List.of());
  }

  private static KeysAndAttributes keysOf(List<Map<String, AttributeValue>> keys) {
    return KeysAndAttributes.builder().keys(keys).build();
  }

  private static String unique() {
    return UUID.randomUUID().toString();
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(String.valueOf(value));
  }
}
