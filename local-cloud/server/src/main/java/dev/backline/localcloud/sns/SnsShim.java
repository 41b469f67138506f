package dev.backline.localcloud.sns;

import dev.backline.localcloud.sns.Delivery.UndeliverableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SNS as far as SQS subscribers are concerned. State is in memory; deliveries happen before the
 * publisher gets its answer. The README lists what is missing.
 */
public final class SnsShim {

  private static final Logger log = LoggerFactory.getLogger(SnsShim.class);
  private static final int MAX_MESSAGE_BYTES = 262_144;
  private static final int MAX_BATCH = 10;
  private static final int MAX_SQS_ATTRIBUTES = 10;
  private static final Pattern TOPIC_NAME =
      Pattern.compile("[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\\.fifo");

  private final String arnPrefix;
  private final Delivery.Queues queues;
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();

  public SnsShim(String region, String accountId, Delivery.Queues queues) {
    this.arnPrefix = "arn:aws:sns:" + region + ":" + accountId + ":";
    this.queues = queues;
  }

  /** Answers one request; errors become SNS error documents. */
  public Reply handle(QueryRequest request) {
    try {
      var result =
          switch (request.action()) {
            case "CreateTopic" -> createTopic(request);
            case "DeleteTopic" -> deleteTopic(request);
            case "ListTopics" -> listTopics();
            case "GetTopicAttributes" -> new Xml().map("Attributes", topic(request).describe());
            case "SetTopicAttributes" -> setTopicAttributes(request);
            case "Subscribe" -> subscribe(request);
            case "Unsubscribe" -> unsubscribe(request);
            case "ListSubscriptions" ->
                subscriptions(
                    topics.values().stream()
                        .flatMap(topic -> topic.subscriptions().values().stream())
                        .toList());
            case "ListSubscriptionsByTopic" ->
                subscriptions(List.copyOf(topic(request).subscriptions().values()));
            case "GetSubscriptionAttributes" ->
                new Xml().map("Attributes", subscription(request).describe());
            case "SetSubscriptionAttributes" -> setSubscriptionAttributes(request);
            case "Publish" -> publish(request);
            case "PublishBatch" -> publishBatch(request);
            case "TagResource" -> tag(request);
            case "UntagResource" -> untag(request);
            case "ListTagsForResource" -> listTags(request);
            default ->
                throw SnsException.of(
                    "InvalidAction",
                    "The local cloud's SNS does not know the action " + request.action());
          };
      return result.reply(request.action());
    } catch (SnsException e) {
      return Xml.error(e);
    }
  }

  private Xml createTopic(QueryRequest request) {
    var name = request.required("Name");
    if (!TOPIC_NAME.matcher(name).matches()) {
      throw SnsException.invalid("Topic Name");
    }
    var attributes = request.map("Attributes");
    if (name.endsWith(".fifo") != "true".equals(attributes.get("FifoTopic"))) {
      throw SnsException.invalid(
          "Topic Name: a name ends with .fifo if, and only if, FifoTopic is true");
    }
    var topic = topics.computeIfAbsent(arnPrefix + name, Topic::new);
    topic.attributes().putAll(attributes);
    setTags(topic, request);
    return new Xml().element("TopicArn", topic.arn());
  }

  private Xml deleteTopic(QueryRequest request) {
    topics.remove(request.required("TopicArn"));
    return new Xml();
  }

  private Xml listTopics() {
    var xml = new Xml().open("Topics");
    topics.keySet().stream()
        .sorted()
        .forEach(arn -> xml.open("member").element("TopicArn", arn).close("member"));
    return xml.close("Topics");
  }

  private Xml setTopicAttributes(QueryRequest request) {
    var value = request.optional("AttributeValue");
    topic(request).attributes().put(request.required("AttributeName"), value == null ? "" : value);
    return new Xml();
  }

  private Xml subscribe(QueryRequest request) {
    var topic = topic(request);
    var protocol = request.required("Protocol");
    if (!protocol.equals("sqs")) {
      throw SnsException.invalid(
          "Protocol: the local cloud's SNS delivers to sqs only, not to " + protocol);
    }
    var endpoint = request.required("Endpoint");
    Subscription.queueOf(endpoint);
    var fresh = new Subscription(topic.arn() + ":" + UUID.randomUUID(), topic.arn(), endpoint);
    request.map("Attributes").forEach(fresh::set);
    var existing = topic.subscriptions().putIfAbsent(endpoint, fresh);
    return new Xml().element("SubscriptionArn", existing == null ? fresh.arn() : existing.arn());
  }

  private Xml unsubscribe(QueryRequest request) {
    var arn = request.required("SubscriptionArn");
    topics
        .values()
        .forEach(topic -> topic.subscriptions().values().removeIf(s -> s.arn().equals(arn)));
    return new Xml();
  }

  private Xml subscriptions(List<Subscription> subscriptions) {
    var xml = new Xml().open("Subscriptions");
    for (var subscription : subscriptions) {
      xml.open("member")
          .element("SubscriptionArn", subscription.arn())
          .element("TopicArn", subscription.topicArn())
          .element("Protocol", "sqs")
          .element("Endpoint", subscription.endpoint())
          .element("Owner", Arn.parse(subscription.topicArn()).account())
          .close("member");
    }
    return xml.close("Subscriptions");
  }

  private Xml setSubscriptionAttributes(QueryRequest request) {
    var value = request.optional("AttributeValue");
    subscription(request).set(request.required("AttributeName"), value == null ? "" : value);
    return new Xml();
  }

  private Xml publish(QueryRequest request) {
    if (request.optional("TopicArn") == null && request.optional("TargetArn") == null) {
      throw SnsException.invalid("TopicArn: the local cloud's SNS publishes to topics only");
    }
    var topic = topic(request);
    checkSize(messageBytes(request));
    return publish(topic, request);
  }

  private Xml publishBatch(QueryRequest request) {
    var topic = topic(request);
    var entries = request.members("PublishBatchRequestEntries");
    if (entries.isEmpty()) {
      throw SnsException.of("EmptyBatchRequest", "The batch request doesn't contain any entries.");
    }
    if (entries.size() > MAX_BATCH) {
      throw SnsException.of(
          "TooManyEntriesInBatchRequest",
          "The batch request contains more entries than permissible (10).");
    }
    var ids = new HashSet<String>();
    for (var entry : entries) {
      if (!ids.add(entry.required("Id"))) {
        throw SnsException.of(
            "BatchEntryIdsNotDistinct",
            "Two or more batch entries in the request have the same Id.");
      }
    }
    if (entries.stream().mapToInt(SnsShim::messageBytes).sum() > MAX_MESSAGE_BYTES) {
      throw SnsException.of(
          "BatchRequestTooLong", "The length of all the batch messages put together is too long.");
    }
    var successful = new Xml();
    var failed = new Xml();
    successful.open("Successful");
    failed.open("Failed");
    for (var entry : entries) {
      var id = entry.required("Id");
      try {
        var published = publish(topic, entry);
        successful.open("member").element("Id", id).append(published).close("member");
      } catch (SnsException e) {
        failed
            .open("member")
            .element("Id", id)
            .element("Code", e.code())
            .element("Message", String.valueOf(e.getMessage()))
            .element("SenderFault", "true")
            .close("member");
      }
    }
    return successful.close("Successful").append(failed.close("Failed"));
  }

  private Xml publish(Topic topic, QueryRequest request) {
    var message = request.optional("Message");
    if (message == null) {
      throw SnsException.invalid("Empty message");
    }
    var attributes = request.messageAttributes();
    var group = request.optional("MessageGroupId");
    if (topic.isFifo() && group == null) {
      throw SnsException.invalid("The MessageGroupId parameter is required for FIFO topics");
    }
    var body = "json".equals(request.optional("MessageStructure")) ? bodyForSqs(message) : message;
    var id = UUID.randomUUID().toString();
    for (var subscription : topic.subscriptions().values()) {
      if (subscription.wants(body, attributes)) {
        deliver(
            subscription,
            new Delivery(
                subscription.queue(),
                subscription.isRaw()
                    ? body
                    : envelope(
                        topic, subscription, id, body, request.optional("Subject"), attributes),
                subscription.isRaw() ? attributes : Map.of(),
                request.traceHeader(),
                group,
                deduplicationId(topic, request, body)));
      }
    }
    return new Xml().element("MessageId", id);
  }

  /** A failed delivery never fails the publish: SNS has already accepted the message by then. */
  private void deliver(Subscription subscription, Delivery delivery) {
    if (delivery.attributes().size() > MAX_SQS_ATTRIBUTES) {
      log.warn("{}: not delivered, SQS takes at most 10 message attributes", subscription.arn());
      return;
    }
    try {
      queues.send(delivery);
    } catch (UndeliverableException e) {
      var deadLetterQueue = subscription.deadLetterQueue();
      if (deadLetterQueue == null) {
        log.warn("{}: message lost: {}", subscription.arn(), e.getMessage());
        return;
      }
      try {
        queues.send(delivery.to(deadLetterQueue));
      } catch (UndeliverableException again) {
        log.warn("{}: message lost: {}", subscription.arn(), again.getMessage());
      }
    }
  }

  private static String bodyForSqs(String message) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(message);
    } catch (JacksonException e) {
      throw SnsException.invalid("Message Structure - JSON message body failed to parse");
    }
    if (!json.path("default").isString()) {
      throw SnsException.invalid("Message Structure - No default entry in JSON message body");
    }
    return json.path("sqs").asString(json.path("default").asString());
  }

  private static String envelope(
      Topic topic,
      Subscription subscription,
      String id,
      String body,
      @Nullable String subject,
      Map<String, MessageAttribute> attributes) {
    var envelope = JsonMapper.shared().createObjectNode();
    envelope.put("Type", "Notification").put("MessageId", id).put("TopicArn", topic.arn());
    if (subject != null) {
      envelope.put("Subject", subject);
    }
    envelope
        .put("Message", body)
        .put("Timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
        .put(
            "UnsubscribeURL",
            "http://127.0.0.1/?Action=Unsubscribe&SubscriptionArn=" + subscription.arn());
    if (!attributes.isEmpty()) {
      var all = envelope.putObject("MessageAttributes");
      attributes.forEach(
          (name, attribute) ->
              all.putObject(name)
                  .put("Type", attribute.dataType())
                  .put("Value", attribute.value()));
    }
    return envelope.toString();
  }

  private static @Nullable String deduplicationId(Topic topic, QueryRequest request, String body) {
    var given = request.optional("MessageDeduplicationId");
    if (given != null || !topic.isFifo()) {
      return given;
    }
    if (!"true".equals(topic.attributes().get("ContentBasedDeduplication"))) {
      throw SnsException.invalid(
          "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int messageBytes(QueryRequest request) {
    var bytes =
        request.parameters().getOrDefault("Message", "").getBytes(StandardCharsets.UTF_8).length;
    for (var attribute : request.messageAttributes().entrySet()) {
      bytes += attribute.getKey().length() + attribute.getValue().dataType().length();
      bytes += attribute.getValue().value().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }

  private static void checkSize(int bytes) {
    if (bytes > MAX_MESSAGE_BYTES) {
      throw SnsException.invalid("Message too long");
    }
  }

  private Xml tag(QueryRequest request) {
    setTags(taggedTopic(request), request);
    return new Xml();
  }

  private Xml untag(QueryRequest request) {
    var topic = taggedTopic(request);
    for (int i = 1; request.parameters().containsKey("TagKeys.member." + i); i++) {
      topic.tags().remove(request.required("TagKeys.member." + i));
    }
    return new Xml();
  }

  private Xml listTags(QueryRequest request) {
    var xml = new Xml().open("Tags");
    taggedTopic(request)
        .tags()
        .forEach(
            (key, value) ->
                xml.open("member").element("Key", key).element("Value", value).close("member"));
    return xml.close("Tags");
  }

  private static void setTags(Topic topic, QueryRequest request) {
    for (var tag : request.members("Tags")) {
      var value = tag.optional("Value");
      topic.tags().put(tag.required("Key"), value == null ? "" : value);
    }
  }

  private Topic topic(QueryRequest request) {
    var target = request.optional("TargetArn");
    return topic(target == null ? request.required("TopicArn") : target);
  }

  private Topic taggedTopic(QueryRequest request) {
    var topic = topics.get(request.required("ResourceArn"));
    if (topic == null) {
      throw SnsException.of("ResourceNotFound", "Resource does not exist");
    }
    return topic;
  }

  private Topic topic(String arn) {
    var topic = topics.get(arn);
    if (topic == null) {
      throw arn.startsWith("arn:")
          ? SnsException.notFound("Topic")
          : SnsException.invalid("TopicArn");
    }
    return topic;
  }

  private Subscription subscription(QueryRequest request) {
    var arn = request.required("SubscriptionArn");
    return topics.values().stream()
        .flatMap(topic -> topic.subscriptions().values().stream())
        .filter(subscription -> subscription.arn().equals(arn))
        .findFirst()
        .orElseThrow(() -> SnsException.notFound("Subscription"));
  }
}
