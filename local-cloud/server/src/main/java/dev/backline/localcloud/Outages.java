package dev.backline.localcloud;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets parts of the cloud go away on request, to see what the suite does meanwhile. */
final class Outages {

  private static final Set<String> ENDPOINTS = Set.of("dynamodb", "sqs", "sns", "s3");

  private final Set<String> cut = ConcurrentHashMap.newKeySet();

  boolean isCut(String endpoint) {
    return cut.contains(endpoint);
  }

  /** False if there is no such part. */
  boolean begin(String part, Services services) {
    switch (part) {
      case "redis" -> services.redis().stop();
      case "postgres" -> services.postgres().stop();
      default -> {
        return ENDPOINTS.contains(part) && (cut.add(part) || cut.contains(part));
      }
    }
    return true;
  }

  /** False if there is no such part. */
  boolean end(String part, Services services) {
    switch (part) {
      case "redis" -> services.redis().startAgain();
      case "postgres" -> services.postgres().startAgain();
      default -> {
        cut.remove(part);
        return ENDPOINTS.contains(part);
      }
    }
    return true;
  }
}
