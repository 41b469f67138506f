package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the code relies on in Redis, PostgreSQL and the X-Ray receiver. */
@LocalCloud(shared = "contract")
class ServersContractTest {

  private final Cloud cloud;

  ServersContractTest(Cloud cloud) {
    this.cloud = cloud;
  }

  @Test
  void redisKeepsScansAndUnlinksKeys() {
    inRedis(
        redis -> {
          redis.psetex("backline:1", 60_000, "하나");
          redis.set("backline:2", "둘");
          redis.set("other:3", "셋");

          assertThat(redis.get("backline:1")).isEqualTo("하나");
          assertThat(redis.pttl("backline:1")).isPositive();
          assertThat(redis.scan(ScanArgs.Builder.matches("backline:*").limit(500)).getKeys())
              .containsExactlyInAnyOrder("backline:1", "backline:2");
          assertThat(redis.unlink("backline:1", "backline:2")).isEqualTo(2);
        });
  }

  @Test
  void redisRefusesKeysAndFlushall() {
    assumeTrue(System.getenv("REDIS_URL") == null, "another Redis has its own access rules");
    inRedis(
        redis -> {
          assertThatExceptionOfType(RedisCommandExecutionException.class)
              .isThrownBy(() -> redis.keys("*"))
              .withMessageContaining("NOPERM");
          assertThatExceptionOfType(RedisCommandExecutionException.class)
              .isThrownBy(redis::flushall)
              .withMessageContaining("NOPERM");
        });
  }

  @Test
  void redisTellsSubscribersWhatIsPublished() {
    var received = new CopyOnWriteArrayList<String>();
    try (var client = RedisClient.create(cloud.redisUri().toString());
        var subscriber = client.connectPubSub();
        var publisher = client.connect()) {
      subscriber.addListener(
          new RedisPubSubAdapter<String, String>() {
            @Override
            public void message(String channel, String message) {
              received.add(message);
            }
          });
      var channel = "backline:test:" + UUID.randomUUID();
      subscriber.sync().subscribe(channel);
      publisher.sync().publish(channel, "코드");

      await().untilAsserted(() -> assertThat(received).containsExactly("코드"));
    }
  }

  @Test
  void postgresIsAnEmptyDatabaseThatComparesTextByCodePoint() throws SQLException {
    try (var connection =
            DriverManager.getConnection(cloud.jdbcUrl(), cloud.jdbcUser(), cloud.jdbcPassword());
        var statement = connection.createStatement()) {
      statement.execute("create table campaign (slug text primary key)");
      statement.execute("insert into campaign values ('서울-밤'), ('seoul')");
      try (var rows =
          statement.executeQuery(
              "select string_agg(slug, ',' order by slug), current_setting('timezone') from campaign")) {
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("seoul,서울-밤");
        assertThat(rows.getString(2)).isNotBlank();
      }
    }
  }

  @Test
  void aSegmentThatIsSentIsListedAsATrace() throws Exception {
    assertThatTracesArrive();
  }

  private void assertThatTracesArrive() throws Exception {
    var id = "1-6b02d1f1-" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    send(segment(id, "redirector", "0000000000000001", 1_795_000_000.100, 1_795_000_000.150));
    send(segment(id, "event-worker", "0000000000000002", 1_795_000_000.200, 1_795_000_000.300));

    await()
        .untilAsserted(
            () ->
                assertThat(get(""))
                    .contains(
                        "\"id\":\""
                            + id
                            + "\",\"start\":1795000000100,\"durationMillis\":200,\"services\":[\"redirector\",\"event-worker\"]"));
    assertThat(get("/" + id)).contains("http://127.0.0.1:8082/abc");
    assertThat(get("/1-00000000-000000000000000000000000")).contains("No such trace");
  }

  @Test
  void datagramsThatAreNoSegmentsDoNotEndTheReceiver() throws Exception {
    for (var nonsense :
        List.of(
            "", "x", "{\"format\":\"json\",\"version\":1}\n{", "\n[1,2]", "\n{\"trace_id\":{}}")) {
      send(nonsense);
    }
    assertThatTracesArrive();
  }

  private void inRedis(Consumer<RedisCommands<String, String>> use) {
    try (var client = RedisClient.create(cloud.redisUri().toString());
        var connection = client.connect()) {
      use.accept(connection.sync());
    }
  }

  private static String segment(String trace, String service, String id, double start, double end) {
    return """
        {"format":"json","version":1}
        {"trace_id":"%s","name":"%s","id":"%s","start_time":%.3f,"end_time":%.3f,"http":{"request":{"method":"GET",\
        "url":"http://127.0.0.1:8082/abc"},"response":{"status":302}}}"""
        .formatted(trace, service, id, start, end);
  }

  private void send(String datagram) throws IOException {
    var address = URI.create("udp://" + cloud.xrayDaemonAddress());
    var bytes = datagram.getBytes(StandardCharsets.UTF_8);
    try (var socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(
              bytes, bytes.length, new InetSocketAddress(address.getHost(), address.getPort())));
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(cloud.traces() + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }
}
