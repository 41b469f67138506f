package dev.backline.redirector.link.dynamodb;

import dev.backline.redirector.link.Link;
import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.link.LinkStore;
import dev.backline.redirector.link.LinksUnavailableException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/** Reads the table {@code links}, which be-api writes. */
final class DynamoDbLinkStore implements LinkStore {

  private static final Logger log = LoggerFactory.getLogger(DynamoDbLinkStore.class);

  /** What a redirect needs; the rest of an item can be long. */
  private static final String PROJECTION = "#target, #expires, #disabled, #deleted";

  private static final Map<String, String> NAMES =
      Map.of(
          "#target", "targetUrl",
          "#expires", "expiresAt",
          "#disabled", "disabled",
          "#deleted", "deletedAt");

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final Duration timeout;
  private final AtomicBoolean outage = new AtomicBoolean();

  DynamoDbLinkStore(DynamoDbClient dynamoDb, String table, Duration timeout) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.timeout = timeout;
  }

  @Override
  public Optional<Link> find(LinkCode code, boolean afterChange) {
    GetItemResponse response;
    try {
      response =
          dynamoDb.getItem(
              r ->
                  r.tableName(table)
                      .key(Map.of("code", AttributeValue.fromS(code.value())))
                      .consistentRead(afterChange)
                      .projectionExpression(PROJECTION)
                      .expressionAttributeNames(NAMES)
                      .overrideConfiguration(o -> o.apiCallTimeout(timeout)));
    } catch (SdkException | CancellationException e) {
      // The second is what may come of a call whose time is over while it waits for a connection.
      if (!outage.getAndSet(true)) {
        log.warn("links cannot be read: {}", e.toString());
      }
      throw new LinksUnavailableException("links cannot be read", e);
    }
    if (outage.getAndSet(false)) {
      log.info("links can be read again");
    }
    return response.hasItem() ? link(code, response.item()) : Optional.empty();
  }

  /** An item that is none of be-api's leads nowhere, rather than to an error page. */
  private static Optional<Link> link(LinkCode code, Map<String, AttributeValue> item) {
    try {
      String target = text(item, "targetUrl");
      String expiresAt = text(item, "expiresAt");
      AttributeValue disabled = item.get("disabled");
      if (target == null) {
        throw new IllegalArgumentException("targetUrl is missing");
      }
      return Optional.of(
          new Link(
              code,
              target,
              expiresAt == null ? null : Instant.parse(expiresAt),
              disabled != null && Boolean.TRUE.equals(disabled.bool()),
              text(item, "deletedAt") != null));
    } catch (IllegalArgumentException | DateTimeException e) {
      log.error(
          "the item of link {} is broken, it is treated as unknown: {}", code, e.getMessage());
      return Optional.empty();
    }
  }

  private static @Nullable String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null ? null : value.s();
  }
}
