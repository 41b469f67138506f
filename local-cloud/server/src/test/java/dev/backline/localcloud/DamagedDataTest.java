package dev.backline.localcloud;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.almworks.sqlite4java.SQLiteConnection;
import dev.backline.localcloud.process.Postgres;
import dev.backline.localcloud.process.Redis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteLibraryLoader;

/** Each server's data, damaged, stops the start with a message that names the directory. */
class DamagedDataTest {

  @TempDir Path work;
  @TempDir Path data;

  @Test
  void ofDynamoDb() throws IOException {
    Files.writeString(data.resolve("shared-local-instance.db"), "this is no SQLite file");

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> DynamoDb.start(data))
        .withMessageContaining(data.toString())
        .withMessageContaining("start without DATA");
  }

  @Test
  void ofDynamoDbInTheMiddle() throws Exception {
    SQLiteLibraryLoader.initialize();
    var file = data.resolve("shared-local-instance.db");
    var database = new SQLiteConnection(file.toFile());
    database.open(true);
    database.exec("create table links (code text primary key, item blob)");
    database.exec("insert into links values ('a', randomblob(100000))");
    database.dispose();
    DynamoDb.start(data).close();

    try (var bytes = FileChannel.open(file, StandardOpenOption.WRITE)) {
      bytes.truncate(20_000);
    }

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> DynamoDb.start(data))
        .withMessageContaining(data.toString())
        .withMessageContaining("start without DATA");
  }

  @Test
  void ofSqs() throws IOException {
    Files.writeString(data.resolve("queues.mv.db"), "this is no H2 file".repeat(1_000));

    try (var http = HttpClient.newHttpClient()) {
      assertThatExceptionOfType(StartupException.class)
          .isThrownBy(() -> Sqs.start("127.0.0.1", 4566, http, data))
          .withMessageContaining(data.toString())
          .withMessageContaining("start without DATA");
    }
  }

  @Test
  void ofRedis() throws IOException {
    var files = Files.createDirectories(data.resolve("appendonlydir"));
    Files.writeString(files.resolve("appendonly.aof.manifest"), "nonsense");

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> Redis.start(freePort(), work, data))
        .withMessageContaining("Redis did not start")
        .withMessageContaining(data.toString());
  }

  @Test
  void ofPostgres() throws IOException {
    Files.writeString(data.resolve("PG_VERSION"), "18\n");

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> Postgres.start(freePort(), work, data))
        .withMessageContaining("PostgreSQL did not start")
        .withMessageContaining(data.toString());
  }

  @Test
  void aFileInTheWayOfTheDirectoryIsNamed() throws IOException {
    var file = Files.writeString(data.resolve("file"), "");

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> DynamoDb.start(file))
        .withMessageContaining(file.toString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
