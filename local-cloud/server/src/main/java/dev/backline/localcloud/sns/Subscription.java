package dev.backline.localcloud.sns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** An SQS queue that is subscribed to a topic. */
final class Subscription {

  private static final String FILTER_POLICY = "FilterPolicy";
  private static final String SCOPE = "FilterPolicyScope";
  private static final String RAW = "RawMessageDelivery";
  private static final String REDRIVE = "RedrivePolicy";

  private final String arn;
  private final String topicArn;
  private final String endpoint;
  private final Map<String, String> attributes = new ConcurrentHashMap<>();
  private volatile @Nullable FilterPolicy filter;

  Subscription(String arn, String topicArn, String endpoint) {
    this.arn = arn;
    this.topicArn = topicArn;
    this.endpoint = endpoint;
  }

  String arn() {
    return arn;
  }

  String topicArn() {
    return topicArn;
  }

  String endpoint() {
    return endpoint;
  }

  String queue() {
    return queueOf(endpoint);
  }

  void set(String name, String value) {
    switch (name) {
      case FILTER_POLICY -> filter = value.isEmpty() ? null : FilterPolicy.parse(value);
      case SCOPE -> oneOf(name, value, "MessageAttributes", "MessageBody");
      case RAW -> oneOf(name, value, "true", "false");
      case REDRIVE -> {
        if (!value.isEmpty()) {
          deadLetterQueue(value);
        }
      }
      default -> throw SnsException.invalid("AttributeName");
    }
    attributes.put(name, value);
  }

  private static void oneOf(String name, String value, String one, String other) {
    if (!value.equals(one) && !value.equals(other)) {
      throw SnsException.invalid(name + ": must be " + one + " or " + other);
    }
  }

  Map<String, String> describe() {
    var all = new LinkedHashMap<String, String>();
    all.put("SubscriptionArn", arn);
    all.put("TopicArn", topicArn);
    all.put("Protocol", "sqs");
    all.put("Endpoint", endpoint);
    all.put("Owner", Arn.parse(topicArn).account());
    all.put("PendingConfirmation", "false");
    all.put("ConfirmationWasAuthenticated", "true");
    all.put(RAW, "false");
    all.putAll(attributes);
    return all;
  }

  boolean isRaw() {
    return "true".equals(attributes.get(RAW));
  }

  @Nullable String deadLetterQueue() {
    var policy = attributes.getOrDefault(REDRIVE, "");
    return policy.isEmpty() ? null : deadLetterQueue(policy);
  }

  private static String deadLetterQueue(String redrivePolicy) {
    try {
      return queueOf(
          JsonMapper.shared().readTree(redrivePolicy).path("deadLetterTargetArn").asString(""));
    } catch (JacksonException e) {
      throw SnsException.invalid("RedrivePolicy: failed to parse JSON");
    }
  }

  boolean wants(String message, Map<String, MessageAttribute> messageAttributes) {
    var policy = filter;
    if (policy == null) {
      return true;
    }
    if ("MessageBody".equals(attributes.get(SCOPE))) {
      try {
        var body = JsonMapper.shared().readTree(message);
        return body.isObject() && policy.accepts(body);
      } catch (JacksonException e) {
        return false;
      }
    }
    return policy.accepts(asJson(messageAttributes));
  }

  private static JsonNode asJson(Map<String, MessageAttribute> attributes) {
    var json = JsonNodeFactory.instance.objectNode();
    attributes.forEach(
        (name, attribute) -> {
          if (!attribute.isBinary()) {
            json.set(name, asJson(attribute));
          }
        });
    return json;
  }

  private static JsonNode asJson(MessageAttribute attribute) {
    try {
      if (attribute.dataType().startsWith("Number")
          || attribute.dataType().equals("String.Array")) {
        return JsonMapper.shared().readTree(attribute.value());
      }
    } catch (JacksonException e) {
      throw SnsException.of(
          "ParameterValueInvalid",
          "An attribute of type " + attribute.dataType() + " is malformed");
    }
    return JsonNodeFactory.instance.stringNode(attribute.value());
  }

  static String queueOf(String arn) {
    var parsed = Arn.parse(arn);
    if (!parsed.service().equals("sqs")) {
      throw SnsException.invalid("Endpoint: " + arn + " is not the ARN of an SQS queue");
    }
    return parsed.resource();
  }
}
