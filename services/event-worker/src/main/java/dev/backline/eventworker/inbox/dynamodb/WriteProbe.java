package dev.backline.eventworker.inbox.dynamodb;

import dev.backline.eventworker.WorkerResources;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Writes one small item, because a table may answer reads while it refuses writes. */
@Component
class WriteProbe implements BooleanSupplier {

  private static final Logger LOG = LoggerFactory.getLogger(WriteProbe.class);
  private static final Duration KEPT = Duration.ofDays(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final Clock clock;
  private final MeterRegistry meters;

  WriteProbe(
      DynamoDbClient dynamoDb, WorkerResources resources, Clock clock, MeterRegistry meters) {
    this.dynamoDb = dynamoDb;
    this.table = resources.linkStatsTable();
    this.clock = clock;
    this.meters = meters;
  }

  @Override
  public boolean getAsBoolean() {
    long expireAt = clock.instant().plus(KEPT).getEpochSecond();
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(
                      Map.of(
                          "code", AttributeValue.fromS("#probe"),
                          "bucket", AttributeValue.fromS("event-worker"),
                          "expireAt", AttributeValue.fromN(Long.toString(expireAt))))
                  .overrideConfiguration(override -> override.apiCallTimeout(TIMEOUT)));
      probed("accepted");
      LOG.info("DynamoDB takes writes again: messages are received");
      return true;
    } catch (SdkException e) {
      probed("failed");
      LOG.warn("DynamoDB takes no writes: no messages are received ({})", e.getMessage());
      return false;
    }
  }

  private void probed(String outcome) {
    meters.counter("messages.intake.probes", "outcome", outcome).increment();
  }
}
