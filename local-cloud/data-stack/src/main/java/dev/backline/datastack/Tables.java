package dev.backline.datastack;

import static java.util.stream.Collectors.toSet;

import dev.backline.datastack.Creation.Identity;
import dev.backline.datastack.Template.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import tools.jackson.databind.JsonNode;

/**
 * DynamoDB tables with their indexes and their time to live. A global table has its one local
 * replica.
 */
final class Tables {

  private final DynamoDbClient dynamoDb;
  private final String prefix;
  private final Map<String, String> created = new LinkedHashMap<>();

  Tables(DynamoDbClient dynamoDb, String prefix) {
    this.dynamoDb = dynamoDb;
    this.prefix = prefix;
  }

  Map<String, String> created() {
    return created;
  }

  Identity create(Resource resource, JsonNode properties) {
    var name = Creation.requiredText(resource, properties, "TableName");
    var table = prefix + name;
    var wanted = request(resource, properties, table);
    TableDescription description;
    try {
      description = dynamoDb.createTable(wanted).tableDescription();
    } catch (ResourceInUseException e) {
      description = dynamoDb.describeTable(r -> r.tableName(table)).table();
      refuseOtherKeys(resource, wanted, description);
    }
    dynamoDb.waiter().waitUntilTableExists(r -> r.tableName(table));
    expireItems(resource, properties.path("TimeToLiveSpecification"), table);
    created.put(name, table);
    return new Identity(table, description.tableArn());
  }

  private static CreateTableRequest request(Resource resource, JsonNode properties, String table) {
    var request =
        CreateTableRequest.builder()
            .tableName(table)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(keySchema(resource, properties))
            .attributeDefinitions(
                properties
                    .path("AttributeDefinitions")
                    .valueStream()
                    .map(
                        attribute ->
                            AttributeDefinition.builder()
                                .attributeName(attribute.path("AttributeName").asString())
                                .attributeType(attribute.path("AttributeType").asString())
                                .build())
                    .toList());
    var indexes =
        properties
            .path("GlobalSecondaryIndexes")
            .valueStream()
            .map(index -> index(resource, index))
            .toList();
    return indexes.isEmpty() ? request.build() : request.globalSecondaryIndexes(indexes).build();
  }

  private static GlobalSecondaryIndex index(Resource resource, JsonNode index) {
    var projection = index.path("Projection");
    var nonKey = projection.path("NonKeyAttributes").valueStream().map(JsonNode::asString).toList();
    return GlobalSecondaryIndex.builder()
        .indexName(Creation.requiredText(resource, index, "IndexName"))
        .keySchema(keySchema(resource, index))
        .projection(
            p -> {
              p.projectionType(projection.path("ProjectionType").asString("ALL"));
              if (!nonKey.isEmpty()) {
                p.nonKeyAttributes(nonKey);
              }
            })
        .build();
  }

  private static List<KeySchemaElement> keySchema(Resource resource, JsonNode owner) {
    var schema =
        owner
            .path("KeySchema")
            .valueStream()
            .map(
                key ->
                    KeySchemaElement.builder()
                        .attributeName(key.path("AttributeName").asString())
                        .keyType(key.path("KeyType").asString())
                        .build())
            .toList();
    if (schema.isEmpty()) {
      throw resource.invalid("KeySchema is missing");
    }
    return schema;
  }

  private static void refuseOtherKeys(
      Resource resource, CreateTableRequest wanted, TableDescription found) {
    var wantedIndexes =
        wanted.globalSecondaryIndexes().stream()
            .map(GlobalSecondaryIndex::indexName)
            .collect(toSet());
    var foundIndexes =
        found.globalSecondaryIndexes().stream()
            .map(GlobalSecondaryIndexDescription::indexName)
            .collect(toSet());
    if (!wanted.keySchema().equals(found.keySchema()) || !foundIndexes.containsAll(wantedIndexes)) {
      throw resource.invalid(
          "the table "
              + wanted.tableName()
              + " exists with other keys or indexes than the template says; delete it (on a desk: its data directory)");
    }
  }

  private void expireItems(Resource resource, JsonNode specification, String table) {
    if (!specification.path("Enabled").asBoolean(false)) {
      return;
    }
    var attribute = Creation.requiredText(resource, specification, "AttributeName");
    var status =
        dynamoDb
            .describeTimeToLive(r -> r.tableName(table))
            .timeToLiveDescription()
            .timeToLiveStatus();
    if (status != TimeToLiveStatus.ENABLED && status != TimeToLiveStatus.ENABLING) {
      dynamoDb.updateTimeToLive(
          r ->
              r.tableName(table)
                  .timeToLiveSpecification(ttl -> ttl.attributeName(attribute).enabled(true)));
    }
  }
}
