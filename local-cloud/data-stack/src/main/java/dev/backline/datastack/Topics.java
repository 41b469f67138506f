package dev.backline.datastack;

import dev.backline.datastack.Creation.Identity;
import dev.backline.datastack.Template.Resource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.databind.JsonNode;

/** SNS topics and their subscriptions. */
final class Topics {

  private static final List<String> SUBSCRIPTION_ATTRIBUTES =
      List.of("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy");

  private final SnsClient sns;
  private final String prefix;
  private final Map<String, String> created = new LinkedHashMap<>();

  Topics(SnsClient sns, String prefix) {
    this.sns = sns;
    this.prefix = prefix;
  }

  Map<String, String> created() {
    return created;
  }

  Identity create(Resource resource, JsonNode properties) {
    var name = Creation.requiredText(resource, properties, "TopicName");
    var attributes = new HashMap<String, String>();
    var displayName = properties.path("DisplayName");
    if (displayName.isString()) {
      attributes.put("DisplayName", displayName.asString());
    }
    var arn = sns.createTopic(r -> r.name(prefix + name).attributes(attributes)).topicArn();
    created.put(name, arn);
    return new Identity(arn, arn);
  }

  /**
   * Subscribing the same endpoint again answers the subscription that exists; attributes are then
   * set one by one.
   */
  Identity subscribe(Resource resource, JsonNode properties) {
    var topic = Creation.requiredText(resource, properties, "TopicArn");
    var protocol = Creation.requiredText(resource, properties, "Protocol");
    var endpoint = Creation.requiredText(resource, properties, "Endpoint");
    var subscription =
        sns.subscribe(
                r ->
                    r.topicArn(topic)
                        .protocol(protocol)
                        .endpoint(endpoint)
                        .returnSubscriptionArn(true))
            .subscriptionArn();
    for (var name : SUBSCRIPTION_ATTRIBUTES) {
      var value = properties.path(name);
      if (!value.isMissingNode()) {
        sns.setSubscriptionAttributes(
            r ->
                r.subscriptionArn(subscription)
                    .attributeName(name)
                    .attributeValue(value.isContainer() ? value.toString() : value.asString()));
      }
    }
    return new Identity(subscription, subscription);
  }
}
