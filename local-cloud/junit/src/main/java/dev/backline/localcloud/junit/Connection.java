package dev.backline.localcloud.junit;

import java.net.URI;

/**
 * Where the parts of the cloud are.
 *
 * @param emulator the name of what answers as AWS, where it is known
 * @param xrayDaemonAddress host and UDP port that take segments
 * @param traces where they can be read as {@code /traces}
 */
record Connection(
    String emulator,
    Aws aws,
    RedisServer redis,
    PostgresServer postgres,
    String xrayDaemonAddress,
    URI traces) {

  /** An endpoint of AWS's APIs and what a client has to say there. */
  record Aws(URI endpoint, String region, String accessKey, String secretKey) {}

  /**
   * @param ours true if this build started it, so that everything in it may be emptied
   */
  record RedisServer(URI uri, boolean ours) {}

  record PostgresServer(String jdbcUrl, String user, String password) {}

  Connection withAws(String emulator, Aws other) {
    return new Connection(emulator, other, redis, postgres, xrayDaemonAddress, traces);
  }

  Connection withRedis(RedisServer other) {
    return new Connection(emulator, aws, other, postgres, xrayDaemonAddress, traces);
  }

  Connection withPostgres(PostgresServer other) {
    return new Connection(emulator, aws, redis, other, xrayDaemonAddress, traces);
  }
}
