package dev.backline.localcloud.sns;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A topic with its attributes, tags and subscriptions. */
final class Topic {

  private final String arn;
  private final Map<String, String> attributes = new ConcurrentHashMap<>();
  private final Map<String, String> tags = new ConcurrentHashMap<>();
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();

  Topic(String arn) {
    this.arn = arn;
  }

  String arn() {
    return arn;
  }

  Map<String, String> attributes() {
    return attributes;
  }

  Map<String, String> tags() {
    return tags;
  }

  /** By endpoint: SNS has one subscription per topic and queue. */
  Map<String, Subscription> subscriptions() {
    return subscriptions;
  }

  boolean isFifo() {
    return arn.endsWith(".fifo");
  }

  Map<String, String> describe() {
    var all = new LinkedHashMap<String, String>();
    all.put("TopicArn", arn);
    all.put("Owner", Arn.parse(arn).account());
    all.put("DisplayName", "");
    all.put("SubscriptionsConfirmed", String.valueOf(subscriptions.size()));
    all.put("SubscriptionsPending", "0");
    all.put("SubscriptionsDeleted", "0");
    all.putAll(attributes);
    return all;
  }
}
