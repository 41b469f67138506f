package dev.backline.localcloud.junit;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the cloud is.
 *
 * @param redis null where an external cloud has none
 * @param jdbcUrl null where an external cloud has none
 * @param ours true if this build started the cloud, so that everything in it may be emptied
 */
record Connection(
    URI endpoint,
    String region,
    @Nullable URI redis,
    @Nullable String jdbcUrl,
    @Nullable String jdbcUser,
    @Nullable String jdbcPassword,
    String xrayDaemonAddress,
    boolean ours) {

  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  static Connection choose(String choice, Map<String, String> environment) {
    return switch (choice) {
      case "embedded" -> {
        var connection = EmbeddedCloud.connect();
        log.info("Tests use the embedded cloud at {}", connection.endpoint());
        yield connection;
      }
      case "external" -> {
        var connection = external(environment);
        log.info("Tests use the external cloud at {}", connection.endpoint());
        yield connection;
      }
      default ->
          throw new IllegalStateException("-Dcloud=" + choice + ": choose embedded or external");
    };
  }

  private static Connection external(Map<String, String> environment) {
    var endpoint = environment.get("AWS_ENDPOINT_URL");
    if (endpoint == null) {
      throw new IllegalStateException(
          "-Dcloud=external needs AWS_ENDPOINT_URL (and REDIS_URL, JDBC_URL where tests use them)");
    }
    var redis = environment.get("REDIS_URL");
    return new Connection(
        URI.create(endpoint),
        environment.getOrDefault("AWS_REGION", "ap-northeast-2"),
        redis == null ? null : URI.create(redis),
        environment.get("JDBC_URL"),
        environment.get("JDBC_USER"),
        environment.get("JDBC_PASSWORD"),
        environment.getOrDefault("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"),
        false);
  }
}
