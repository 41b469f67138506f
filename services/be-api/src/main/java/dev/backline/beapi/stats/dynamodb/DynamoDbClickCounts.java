package dev.backline.beapi.stats.dynamodb;

import dev.backline.beapi.link.LinkCode;
import dev.backline.beapi.stats.ClickCounts;
import dev.backline.beapi.stats.Period;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.stereotype.Repository;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@Repository
class DynamoDbClickCounts implements ClickCounts {

  private static final String BUCKET = "bucket";
  private static final String REFERRER = "#referrer#";
  private static final String COUNTRY = "country.";
  private static final String DEVICE = "device.";
  private static final int HOUR_LENGTH = "2026-11-22T10".length();

  private final DynamoDbClient dynamoDb;
  private final String table;

  DynamoDbClickCounts(DynamoDbClient dynamoDb, LinkStatsTableProperties properties) {
    this.dynamoDb = dynamoDb;
    this.table = properties.linkStatsTable();
  }

  @Override
  public void read(LinkCode code, Period period, Consumer<Count> sink) {
    var lastHour = period.to().minus(1, ChronoUnit.HOURS);
    dynamoDb
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .keyConditionExpression("code = :code AND #bucket BETWEEN :first AND :last")
                    .expressionAttributeNames(Map.of("#bucket", BUCKET))
                    .expressionAttributeValues(
                        Map.of(
                            ":code", AttributeValue.fromS(code.value()),
                            ":first", AttributeValue.fromS(hour(period.from())),
                            // '~' sorts behind the '#' of the referrer items of the last hour.
                            ":last", AttributeValue.fromS(hour(lastHour) + "~"))))
        .items()
        .forEach(item -> sink.accept(count(item)));
  }

  private static Count count(Map<String, AttributeValue> item) {
    var bucket = Objects.requireNonNull(item.get(BUCKET), BUCKET).s();
    if (bucket.startsWith(REFERRER, HOUR_LENGTH)) {
      return new Count.Referrer(
          bucket.substring(HOUR_LENGTH + REFERRER.length()), number(item, "person"));
    }
    return new Count.Hour(
        Instant.parse(bucket.substring(0, HOUR_LENGTH) + ":00:00Z"),
        number(item, "person"),
        number(item, "preview"),
        number(item, "bot"),
        numbers(item, COUNTRY),
        numbers(item, DEVICE));
  }

  private static String hour(Instant time) {
    return time.toString().substring(0, HOUR_LENGTH);
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    return value == null ? 0 : Long.parseLong(value.n());
  }

  private static Map<String, Long> numbers(Map<String, AttributeValue> item, String prefix) {
    var numbers = new HashMap<String, Long>();
    for (var name : item.keySet()) {
      if (name.startsWith(prefix)) {
        numbers.put(name.substring(prefix.length()), number(item, name));
      }
    }
    return numbers;
  }
}
