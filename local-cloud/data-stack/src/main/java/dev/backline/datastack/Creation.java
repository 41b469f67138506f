package dev.backline.datastack;

import dev.backline.datastack.Template.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;

/** One run over a template: creates each resource after those that it refers to. */
final class Creation {

  /** What {@code Ref} and {@code Fn::GetAtt Arn} of a created resource answer. */
  record Identity(String ref, String arn) {}

  /** Nobody refers to one, and no emulator asks who may read a bucket or write to a topic. */
  private static final Set<String> NEVER_ASKED_FOR =
      Set.of(Template.BUCKET_POLICY, Template.TOPIC_POLICY);

  private final Template template;
  private final Tables tables;
  private final Queues queues;
  private final Topics topics;
  private final Buckets buckets;
  private final References references = new References(this::identityOf);
  private final Map<String, Identity> identities = new HashMap<>();
  private final Set<String> inCreation = new HashSet<>();

  Creation(
      Template template, String prefix, DynamoDbClient dynamoDb, SqsClient sqs, SnsClient sns) {
    this.template = template;
    this.tables = new Tables(dynamoDb, prefix);
    this.queues = new Queues(sqs, prefix);
    this.topics = new Topics(sns, prefix);
    this.buckets = new Buckets(prefix);
  }

  CreatedResources run() {
    for (var resource : template.resources().values()) {
      if (!NEVER_ASKED_FOR.contains(resource.type())) {
        create(resource);
      }
    }
    return new CreatedResources(tables.created(), queues.created(), topics.created());
  }

  private Identity identityOf(Resource from, String logicalId) {
    var target = template.resources().get(logicalId);
    if (target == null) {
      throw from.invalid("it refers to " + logicalId + ", which is not in the template");
    }
    return create(target);
  }

  private Identity create(Resource resource) {
    var known = identities.get(resource.logicalId());
    if (known != null) {
      return known;
    }
    if (!inCreation.add(resource.logicalId())) {
      throw resource.invalid("it refers to itself through other resources");
    }
    JsonNode properties = references.resolve(resource);
    var identity =
        switch (resource.type()) {
          case Template.TABLE, Template.GLOBAL_TABLE -> tables.create(resource, properties);
          case Template.QUEUE -> queues.create(resource, properties);
          case Template.QUEUE_POLICY -> queues.setPolicy(resource, properties);
          case Template.TOPIC -> topics.create(resource, properties);
          case Template.SUBSCRIPTION -> topics.subscribe(resource, properties);
          case Template.BUCKET -> buckets.identity(resource, properties);
          default -> throw resource.invalid("this type is not supported");
        };
    identities.put(resource.logicalId(), identity);
    return identity;
  }

  static String requiredText(Resource resource, JsonNode properties, String property) {
    var value = properties.path(property);
    if (!value.isString() || value.asString().isBlank()) {
      throw resource.invalid(property + " is missing; it must be a text");
    }
    return value.asString();
  }
}
