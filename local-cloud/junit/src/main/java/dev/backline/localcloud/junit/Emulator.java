package dev.backline.localcloud.junit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An emulator of AWS that comes as an image, listens on 4566 and takes any credentials. */
record Emulator(String name, String image, String healthPath, Map<String, String> environment) {

  static final int PORT = 4566;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * The last version that needs no account. Queue URLs name the host and port that the caller
   * asked, since the container does not know its own; nothing is fetched or reported at start-up.
   */
  static final Emulator LOCALSTACK =
      new Emulator(
          "localstack",
          "localstack/localstack:4.14.0",
          "/_localstack/health",
          Map.of(
              "SERVICES", "dynamodb,sqs,sns,s3",
              "SQS_ENDPOINT_STRATEGY", "dynamic",
              "DISABLE_EVENTS", "1",
              "SKIP_SSL_CERT_DOWNLOAD", "1"));

  static final Emulator FLOCI =
      new Emulator("floci", "floci/floci:1.7.0", "/_floci/health", Map.of());

  /** The one that answers there, if it is one of these. */
  static Optional<Emulator> at(URI endpoint) {
    // Floci answers where LocalStack does, too.
    return Stream.of(FLOCI, LOCALSTACK)
        .filter(emulator -> emulator.answersAt(endpoint))
        .findFirst();
  }

  private boolean answersAt(URI endpoint) {
    try (var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      var request = HttpRequest.newBuilder(endpoint.resolve(healthPath)).timeout(PATIENCE).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Another version or build of it; the same where null is given. */
  Emulator withImage(@Nullable String other) {
    return other == null ? this : new Emulator(name, other, healthPath, environment);
  }
}
