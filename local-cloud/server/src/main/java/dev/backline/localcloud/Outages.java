package dev.backline.localcloud;

import dev.backline.localcloud.process.Server;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets parts of the cloud go away on request, to see what the suite does meanwhile. */
final class Outages {

  private static final Set<String> ENDPOINTS = Set.of("dynamodb", "sqs", "sns", "s3");

  private final Set<String> cut = ConcurrentHashMap.newKeySet();

  boolean isCut(String endpoint) {
    return cut.contains(endpoint);
  }

  /** False if there is no such part. */
  boolean begin(String part, Services services) {
    return switch (part) {
      case "redis" -> changed(services.redis(), Server::stop);
      case "postgres" -> changed(services.postgres(), Server::stop);
      default -> ENDPOINTS.contains(part) && (cut.add(part) || cut.contains(part));
    };
  }

  /** False if there is no such part. */
  boolean end(String part, Services services) {
    return switch (part) {
      case "redis" -> changed(services.redis(), Server::startAgain);
      case "postgres" -> changed(services.postgres(), Server::startAgain);
      default -> {
        cut.remove(part);
        yield ENDPOINTS.contains(part);
      }
    };
  }

  private static boolean changed(@Nullable Server server, Consumer<Server> change) {
    if (server == null) {
      return false;
    }
    change.accept(server);
    return true;
  }
}
