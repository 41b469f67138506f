package dev.backline.localcloud.sns;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A subscription filter policy. Known operators: exact values, {@code prefix}, {@code suffix},
 * {@code equals-ignore-case}, {@code anything-but} (also of prefix and suffix), {@code numeric},
 * {@code exists}, {@code $or}, nested keys. A policy with another operator is refused when it is
 * set.
 */
final class FilterPolicy {

  private static final Set<String> OPERATORS =
      Set.of("prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists");

  private final JsonNode policy;

  private FilterPolicy(JsonNode policy) {
    this.policy = policy;
  }

  static FilterPolicy parse(String json) {
    try {
      var policy = JsonMapper.shared().readTree(json);
      check(policy);
      return new FilterPolicy(policy);
    } catch (JacksonException e) {
      throw SnsException.invalid("FilterPolicy: failed to parse JSON: " + e.getOriginalMessage());
    }
  }

  boolean accepts(JsonNode message) {
    return matchesAll(policy, message);
  }

  private static void check(JsonNode policy) {
    if (!policy.isObject()) {
      throw SnsException.invalid("FilterPolicy: Filter policy must be an object");
    }
    for (var rule : policy.properties()) {
      if (rule.getKey().equals("$or")) {
        if (!rule.getValue().isArray()) {
          throw SnsException.invalid("FilterPolicy: \"$or\" must be an array of objects");
        }
        rule.getValue().forEach(FilterPolicy::check);
      } else if (rule.getValue().isObject()) {
        check(rule.getValue());
      } else if (!rule.getValue().isArray() || rule.getValue().isEmpty()) {
        throw SnsException.invalid(
            "FilterPolicy: \"" + rule.getKey() + "\" must be an object or a non-empty array");
      } else {
        rule.getValue().forEach(FilterPolicy::checkCondition);
      }
    }
  }

  private static void checkCondition(JsonNode condition) {
    if (condition.isArray()) {
      throw SnsException.invalid(
          "FilterPolicy: Match value must be String, number, true, false, or null");
    }
    if (condition.isObject()) {
      if (condition.size() != 1
          || !OPERATORS.contains(condition.propertyNames().iterator().next())) {
        throw SnsException.invalid("FilterPolicy: Unrecognized match type " + condition);
      }
      var range = condition.path("numeric");
      if (!range.isMissingNode() && (range.size() == 0 || range.size() % 2 != 0)) {
        throw SnsException.invalid(
            "FilterPolicy: Value of numeric must be pairs of an operator and a number");
      }
    }
  }

  private static boolean matchesAll(JsonNode rules, JsonNode message) {
    for (var rule : rules.properties()) {
      if (!matches(rule.getKey(), rule.getValue(), message)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(String key, JsonNode rule, JsonNode message) {
    if (key.equals("$or")) {
      return rule.valueStream().anyMatch(alternative -> matchesAll(alternative, message));
    }
    var found = message.path(key);
    if (rule.isObject()) {
      return objects(found).anyMatch(child -> matchesAll(rule, child));
    }
    var values = values(found);
    return rule.valueStream().anyMatch(condition -> matches(condition, values));
  }

  private static Stream<JsonNode> objects(JsonNode found) {
    // A missing object still has to reach {"exists": false} conditions below it.
    return found.isArray() ? found.valueStream() : Stream.of(found);
  }

  private static List<JsonNode> values(JsonNode found) {
    if (found.isMissingNode()) {
      return List.of();
    }
    if (!found.isArray()) {
      return List.of(found);
    }
    var values = new ArrayList<JsonNode>();
    found.forEach(values::add);
    return values;
  }

  private static boolean matches(JsonNode condition, List<JsonNode> values) {
    if (!condition.isObject()) {
      return values.stream().anyMatch(value -> same(condition, value));
    }
    var operator = condition.propertyNames().iterator().next();
    var operand = condition.path(operator);
    return switch (operator) {
      case "exists" -> operand.asBoolean() == !values.isEmpty();
      case "prefix" ->
          values.stream()
              .anyMatch(v -> v.isString() && v.asString().startsWith(operand.asString("")));
      case "suffix" ->
          values.stream()
              .anyMatch(v -> v.isString() && v.asString().endsWith(operand.asString("")));
      case "equals-ignore-case" ->
          values.stream()
              .anyMatch(v -> v.isString() && v.asString().equalsIgnoreCase(operand.asString("")));
      case "numeric" ->
          values.stream().anyMatch(v -> v.isNumber() && inRange(v.decimalValue(), operand));
      case "anything-but" ->
          !values.isEmpty() && values.stream().noneMatch(v -> excluded(operand, v));
      default -> false;
    };
  }

  private static boolean excluded(JsonNode operand, JsonNode value) {
    if (operand.isObject()) {
      return matches(operand, List.of(value));
    }
    return values(operand).stream().anyMatch(other -> same(other, value));
  }

  private static boolean inRange(BigDecimal value, JsonNode range) {
    for (int i = 0; i + 1 < range.size(); i += 2) {
      var sign = value.compareTo(range.get(i + 1).decimalValue());
      var holds =
          switch (range.get(i).asString("")) {
            case "=" -> sign == 0;
            case ">" -> sign > 0;
            case ">=" -> sign >= 0;
            case "<" -> sign < 0;
            case "<=" -> sign <= 0;
            default -> false;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(JsonNode expected, JsonNode value) {
    if (expected.isNumber() && value.isNumber()) {
      return expected.decimalValue().compareTo(value.decimalValue()) == 0;
    }
    return expected.equals(value);
  }
}
