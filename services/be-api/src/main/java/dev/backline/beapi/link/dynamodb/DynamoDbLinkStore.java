package dev.backline.beapi.link.dynamodb;

import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.Page;
import dev.backline.beapi.link.Link;
import dev.backline.beapi.link.LinkCode;
import dev.backline.beapi.link.LinkStore;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

@Repository
class DynamoDbLinkStore implements LinkStore {

  private static final String BY_OWNER = "by-owner";

  private final DynamoDbClient dynamoDb;
  private final String table;

  DynamoDbLinkStore(DynamoDbClient dynamoDb, LinkTableProperties properties) {
    this.dynamoDb = dynamoDb;
    this.table = properties.linksTable();
  }

  @Override
  public Optional<Link> find(LinkCode code) {
    var response =
        dynamoDb.getItem(
            request ->
                request
                    .tableName(table)
                    .key(Map.of(LinkItem.CODE, AttributeValue.fromS(code.value())))
                    .consistentRead(true));
    return response.hasItem() ? Optional.of(LinkItem.read(response.item())) : Optional.empty();
  }

  @Override
  public Optional<Link> putIfAbsent(Link link) {
    try {
      dynamoDb.putItem(
          request ->
              request
                  .tableName(table)
                  .item(LinkItem.write(link))
                  .conditionExpression("attribute_not_exists(code)")
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return Optional.empty();
    } catch (ConditionalCheckFailedException taken) {
      return Optional.of(LinkItem.read(taken.item()));
    }
  }

  @Override
  public boolean replace(Link changed) {
    var item = LinkItem.write(changed);
    try {
      dynamoDb.putItem(
          request ->
              request
                  .tableName(table)
                  .item(item)
                  .conditionExpression("version = :before")
                  .expressionAttributeValues(
                      Map.of(":before", LinkItem.number(changed.version() - 1)))
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return true;
    } catch (ConditionalCheckFailedException changedMeanwhile) {
      return changedMeanwhile.hasItem() && changedMeanwhile.item().equals(item);
    }
  }

  /**
   * Deleted links are skipped by DynamoDB after it has read them, so a page may take more than one
   * query.
   */
  @Override
  public Page<Link> listByOwner(String owner, @Nullable Cursor after, int limit) {
    var links = new ArrayList<Link>(limit + 1);
    Map<String, AttributeValue> start = after == null ? Map.of() : startKey(owner, after);
    do {
      var response = dynamoDb.query(query(owner, start, limit + 1));
      response.items().forEach(item -> links.add(LinkItem.read(item)));
      start = response.lastEvaluatedKey();
    } while (links.size() <= limit && !start.isEmpty());
    if (links.size() <= limit) {
      return new Page<>(links, null);
    }
    var last = links.get(limit - 1);
    return new Page<>(links.subList(0, limit), new Cursor(last.createdAt(), last.code().value()));
  }

  private QueryRequest query(String owner, Map<String, AttributeValue> start, int limit) {
    var query =
        QueryRequest.builder()
            .tableName(table)
            .indexName(BY_OWNER)
            .keyConditionExpression("#owner = :owner")
            .filterExpression("attribute_not_exists(deletedAt)")
            .expressionAttributeNames(Map.of("#owner", LinkItem.OWNER))
            .expressionAttributeValues(Map.of(":owner", AttributeValue.fromS(owner)))
            .scanIndexForward(false)
            .limit(limit);
    return start.isEmpty() ? query.build() : query.exclusiveStartKey(start).build();
  }

  private static Map<String, AttributeValue> startKey(String owner, Cursor after) {
    return Map.of(
        LinkItem.OWNER, AttributeValue.fromS(owner),
        LinkItem.CREATED_AT, LinkItem.time(after.createdAt()),
        LinkItem.CODE, AttributeValue.fromS(after.id()));
  }
}
