package dev.backline.datastack;

import dev.backline.datastack.Creation.Identity;
import dev.backline.datastack.Template.Resource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** SQS queues and their policies. */
final class Queues {

  private static final List<String> ONLY_AT_CREATION = List.of("FifoQueue");
  private static final List<String> SETTABLE =
      List.of(
          "ContentBasedDeduplication",
          "DelaySeconds",
          "MaximumMessageSize",
          "MessageRetentionPeriod",
          "ReceiveMessageWaitTimeSeconds",
          "RedrivePolicy",
          "VisibilityTimeout");

  private final SqsClient sqs;
  private final String prefix;
  private final Map<String, String> created = new LinkedHashMap<>();

  Queues(SqsClient sqs, String prefix) {
    this.sqs = sqs;
    this.prefix = prefix;
  }

  Map<String, String> created() {
    return created;
  }

  Identity create(Resource resource, JsonNode properties) {
    var name = Creation.requiredText(resource, properties, "QueueName");
    var settable = attributes(properties, SETTABLE);
    var all = new HashMap<>(settable);
    all.putAll(attributes(properties, ONLY_AT_CREATION));
    String url;
    try {
      url = sqs.createQueue(r -> r.queueName(prefix + name).attributes(all)).queueUrl();
    } catch (QueueNameExistsException e) {
      url = sqs.getQueueUrl(r -> r.queueName(prefix + name)).queueUrl();
      setAttributes(url, settable);
    }
    created.put(name, url);
    return new Identity(url, arn(url));
  }

  /** Who may; what is denied is left out, since that is plain HTTP, and a desk has nothing else. */
  Identity setPolicy(Resource resource, JsonNode properties) {
    var policy = (ObjectNode) properties.path("PolicyDocument").deepCopy();
    var statements = policy.withArray("Statement");
    statements.removeIf(statement -> statement.path("Effect").asString("").equals("Deny"));
    if (!statements.isEmpty()) {
      for (var queue : properties.path("Queues")) {
        setAttributes(queue.asString(), Map.of(QueueAttributeName.POLICY, policy.toString()));
      }
    }
    return new Identity(resource.logicalId(), "");
  }

  private void setAttributes(String url, Map<QueueAttributeName, String> attributes) {
    if (!attributes.isEmpty()) {
      sqs.setQueueAttributes(r -> r.queueUrl(url).attributes(attributes));
    }
  }

  private String arn(String url) {
    var attributes =
        sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes();
    var arn = attributes.get(QueueAttributeName.QUEUE_ARN);
    if (arn == null) {
      throw new IllegalStateException("The endpoint did not tell the ARN of " + url);
    }
    return arn;
  }

  private static Map<QueueAttributeName, String> attributes(
      JsonNode properties, List<String> names) {
    var attributes = new HashMap<QueueAttributeName, String>();
    for (var name : names) {
      var value = properties.path(name);
      if (!value.isMissingNode()) {
        attributes.put(
            QueueAttributeName.fromValue(name),
            value.isContainer() ? value.toString() : value.asString());
      }
    }
    return attributes;
  }
}
