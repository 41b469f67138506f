package dev.backline.servicedefaults.web;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Says in a client's words what a field has to be. */
final class ExpectedType {

  private ExpectedType() {}

  static String of(@Nullable Class<?> type) {
    if (type == null) {
      return "is not valid";
    }
    Class<?> wanted = ClassUtils.resolvePrimitiveIfNecessary(type);
    if (wanted.isEnum()) {
      return Arrays.stream(wanted.getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(", ", "must be one of ", ""));
    }
    if (wanted == Integer.class || wanted == Long.class || wanted == Short.class) {
      return "must be a whole number";
    }
    if (Number.class.isAssignableFrom(wanted)) {
      return "must be a number";
    }
    if (wanted == Boolean.class) {
      return "must be true or false";
    }
    if (CharSequence.class.isAssignableFrom(wanted)) {
      return "must be a string";
    }
    if (wanted == Instant.class
        || wanted == OffsetDateTime.class
        || wanted == ZonedDateTime.class) {
      return "must be a date and time such as 2026-11-22T10:00:00Z";
    }
    if (wanted == LocalDate.class) {
      return "must be a date such as 2026-11-22";
    }
    if (wanted == Duration.class) {
      return "must be a duration such as PT30S";
    }
    if (wanted == URI.class) {
      return "must be a URI";
    }
    if (wanted == UUID.class) {
      return "must be a UUID";
    }
    if (wanted.isArray() || Collection.class.isAssignableFrom(wanted)) {
      return "must be an array";
    }
    if (wanted.isRecord() || Map.class.isAssignableFrom(wanted)) {
      return "must be an object";
    }
    return "is not valid";
  }
}
