package dev.backline.datastack;

import java.util.Map;

/**
 * What a stack has created, by the names of the template (without prefix).
 *
 * @param tables table names as they are on the endpoint, with prefix
 * @param queueUrls queue URLs
 * @param topicArns topic ARNs
 */
public record CreatedResources(
    Map<String, String> tables, Map<String, String> queueUrls, Map<String, String> topicArns) {

  public CreatedResources {
    tables = Map.copyOf(tables);
    queueUrls = Map.copyOf(queueUrls);
    topicArns = Map.copyOf(topicArns);
  }
}
