package dev.backline.localcloud.junit;

import dev.backline.localcloud.junit.Connection.Aws;
import dev.backline.localcloud.junit.Connection.PostgresServer;
import dev.backline.localcloud.junit.Connection.RedisServer;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which cloud the tests use.
 *
 * <p>LocalStack, Floci and an external endpoint are AWS only. Redis, PostgreSQL and the X-Ray
 * receiver beside them are those of the embedded cloud.
 *
 * @param emulatorImage the image instead of the pinned one, or null
 */
record CloudChoice(Docker docker, @Nullable String emulatorImage, Map<String, String> environment) {

  private static final Logger log = LoggerFactory.getLogger(CloudChoice.class);

  /**
   * @param name embedded, localstack, floci or external
   * @throws IllegalStateException if it cannot be had
   */
  Connection connect(String name) {
    var connection =
        switch (name) {
          case "embedded" -> EmbeddedCloud.connect();
          case "localstack" -> inContainer(Emulator.LOCALSTACK);
          case "floci" -> inContainer(Emulator.FLOCI);
          case "external" -> external();
          default ->
              throw new IllegalStateException(
                  "-Dcloud=" + name + ": choose embedded, localstack, floci or external");
        };
    log.info("-Dcloud={}: {} at {}", name, connection.emulator(), connection.aws().endpoint());
    return connection;
  }

  /**
   * LocalStack where Docker has its image, else embedded. Nothing is pulled without being asked
   * for: it may take minutes.
   */
  String byDefault() {
    for (var image : EmulatorContainer.images(Emulator.LOCALSTACK.withImage(emulatorImage))) {
      if (!docker.has(image)) {
        log.info("Without -Dcloud the embedded cloud is used, since Docker has no {}", image);
        return "embedded";
      }
    }
    log.info("Without -Dcloud LocalStack is used, since Docker has it");
    return "localstack";
  }

  private Connection inContainer(Emulator pinned) {
    var emulator = pinned.withImage(emulatorImage);
    EmulatorContainer.images(emulator).forEach(docker::require);
    return EmbeddedCloud.connect().withAws(emulator.name(), EmulatorContainer.start(emulator));
  }

  private Connection external() {
    var url = environment.get("AWS_ENDPOINT_URL");
    if (url == null) {
      throw new IllegalStateException(
          "-Dcloud=external needs AWS_ENDPOINT_URL, for example http://127.0.0.1:4566");
    }
    var endpoint = URI.create(url);
    var connection =
        EmbeddedCloud.connect()
            .withAws(
                Emulator.at(endpoint).map(Emulator::name).orElse("external"),
                new Aws(
                    endpoint,
                    environment.getOrDefault("AWS_REGION", "ap-northeast-2"),
                    environment.getOrDefault("AWS_ACCESS_KEY_ID", "test"),
                    environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "test")));
    var redis = environment.get("REDIS_URL");
    if (redis != null) {
      connection = connection.withRedis(new RedisServer(URI.create(redis), false));
    }
    var postgres = environment.get("JDBC_URL");
    if (postgres != null) {
      connection =
          connection.withPostgres(
              new PostgresServer(
                  postgres,
                  environment.getOrDefault("JDBC_USER", ""),
                  environment.getOrDefault("JDBC_PASSWORD", "")));
    }
    return connection;
  }
}
