package dev.backline.localcloud.junit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An emulator of AWS that comes as an image, listens on 4566 and takes any credentials. */
record Emulator(String image, String healthPath, Map<String, String> environment) {

  static final int PORT = 4566;

  /**
   * The last version that needs no account. Queue URLs name the host and port that the caller
   * asked, since the container does not know its own; nothing is fetched or reported at start-up.
   */
  static final Emulator LOCALSTACK =
      new Emulator(
          "localstack/localstack:4.14.0",
          "/_localstack/health",
          Map.of(
              "SERVICES", "dynamodb,sqs,sns,s3",
              "SQS_ENDPOINT_STRATEGY", "dynamic",
              "DISABLE_EVENTS", "1",
              "SKIP_SSL_CERT_DOWNLOAD", "1"));

  static final Emulator FLOCI = new Emulator("floci/floci:1.7.0", "/_floci/health", Map.of());

  /** Another version or build of it; the same where null is given. */
  Emulator withImage(@Nullable String other) {
    return other == null ? this : new Emulator(other, healthPath, environment);
  }
}
