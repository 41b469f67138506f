package dev.backline.localcloud;

import dev.backline.localcloud.process.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where everything is, for whoever started the cloud.
 *
 * @param redisUri null = without Redis
 * @param jdbcUrl null = without PostgreSQL
 */
record State(
    long pid,
    Instant startedAt,
    String endpoint,
    String region,
    String accountId,
    @Nullable String redisUri,
    @Nullable String jdbcUrl,
    String jdbcUser,
    String jdbcPassword,
    String xrayDaemonAddress) {

  static State of(Ports ports) {
    var self = ProcessHandle.current();
    return new State(
        self.pid(),
        self.info().startInstant().orElseGet(Instant::now),
        "http://127.0.0.1:" + ports.cloud(),
        LocalCloud.REGION,
        LocalCloud.ACCOUNT,
        ports.redis() == null ? null : "redis://127.0.0.1:" + ports.redis(),
        ports.postgres() == null ? null : Postgres.url(ports.postgres()),
        Postgres.USER,
        Postgres.PASSWORD,
        "127.0.0.1:" + ports.xray());
  }

  /** Readers see all of it or nothing. */
  void writeTo(Path file) throws IOException {
    var directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(directory);
    var fresh = Files.createTempFile(directory, "state", ".tmp");
    Files.writeString(fresh, JsonMapper.shared().writeValueAsString(this));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
