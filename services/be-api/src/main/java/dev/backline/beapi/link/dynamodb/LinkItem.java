package dev.backline.beapi.link.dynamodb;

import dev.backline.beapi.link.Link;
import dev.backline.beapi.link.LinkCode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A link as an item. The redirector reads these attributes too: none may change its meaning. */
final class LinkItem {

  static final String CODE = "code";
  static final String OWNER = "owner";
  static final String CREATED_AT = "createdAt";

  /** Always three digits of milliseconds, so that times order as text. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private LinkItem() {}

  static Map<String, AttributeValue> write(Link link) {
    var item = new HashMap<String, AttributeValue>();
    item.put(CODE, AttributeValue.fromS(link.code().value()));
    item.put("targetUrl", AttributeValue.fromS(link.targetUrl()));
    item.put(OWNER, AttributeValue.fromS(link.owner()));
    item.put(CREATED_AT, time(link.createdAt()));
    item.put("updatedAt", time(link.updatedAt()));
    item.put("version", number(link.version()));
    putTime(item, "expiresAt", link.expiresAt());
    putTime(item, "deletedAt", link.deletedAt());
    putText(item, "campaign", link.campaign());
    putText(item, "note", link.note());
    putText(item, "requestId", link.requestId());
    if (link.disabled()) {
      item.put("disabled", AttributeValue.fromBool(true));
    }
    var purgeAt = link.purgeAt();
    if (purgeAt != null) {
      item.put("purgeAt", number(purgeAt.getEpochSecond()));
    }
    return item;
  }

  static Link read(Map<String, AttributeValue> item) {
    return new Link(
        new LinkCode(required(item, CODE)),
        required(item, "targetUrl"),
        required(item, OWNER),
        Instant.parse(required(item, CREATED_AT)),
        Instant.parse(required(item, "updatedAt")),
        Long.parseLong(Objects.requireNonNull(item.get("version"), "version").n()),
        optionalTime(item, "expiresAt"),
        item.containsKey("disabled") && item.get("disabled").bool(),
        optionalTime(item, "deletedAt"),
        optional(item, "campaign"),
        optional(item, "note"),
        optional(item, "requestId"));
  }

  static AttributeValue time(Instant instant) {
    return AttributeValue.fromS(TIME.format(instant));
  }

  static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static void putTime(
      Map<String, AttributeValue> item, String name, @Nullable Instant value) {
    if (value != null) {
      item.put(name, time(value));
    }
  }

  private static void putText(
      Map<String, AttributeValue> item, String name, @Nullable String value) {
    if (value != null) {
      item.put(name, AttributeValue.fromS(value));
    }
  }

  private static String required(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name).s();
  }

  private static @Nullable String optional(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    return value == null ? null : value.s();
  }

  private static @Nullable Instant optionalTime(Map<String, AttributeValue> item, String name) {
    var value = optional(item, name);
    return value == null ? null : Instant.parse(value);
  }
}
