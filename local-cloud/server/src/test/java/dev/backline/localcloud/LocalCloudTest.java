package dev.backline.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.condition.OS.LINUX;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

class LocalCloudTest {

  @TempDir Path directory;

  @Test
  @EnabledOnOs(LINUX)
  void itListensOn127001OnlyAndLeavesNoProcessWhenItIsKilled() throws Exception {
    try (var cloud = CloudProcess.start(directory)) {
      var state = cloud.awaitReady();
      assertThat(listeningAddresses(cloud.tree())).isNotEmpty().allMatch("0100007F"::equals);
      assertThat(get(state, "/health", "127.0.0.1")).contains("\"status\":\"UP\"");
      assertThat(get(state, "/.well-known/jwks.json", "127.0.0.1"))
          .contains("\"RS256\"")
          .doesNotContain("\"d\":");
      assertThat(get(state, "/health", "rebound.example")).doesNotContain("UP");
      assertThatNonsenseIsTheCallersFault(state);
      assertThatOutagesBeginAndEnd(state);
      assertThat(cloud.output()).doesNotContain("has ended by itself");
      kill(cloud, "redis-server");
      await()
          .atMost(CloudProcess.PATIENCE)
          .until(() -> cloud.output().contains("Redis has ended by itself"));

      var all = cloud.tree();
      cloud.process().destroyForcibly();

      await()
          .atMost(CloudProcess.PATIENCE)
          .untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void withADataDirectoryEverythingIsThereAfterARestart() throws Exception {
    var data = "--data=" + directory.resolve("data");
    var owner = new ProcessBuilder("sleep", "600").start();
    try (var cloud = CloudProcess.start(directory, data, "--parent-pid=" + owner.pid())) {
      var state = cloud.awaitReady();
      writeEverywhere(state);
      var all = cloud.tree();

      owner.destroyForcibly();

      assertThat(cloud.awaitEnd()).isZero();
      await()
          .atMost(CloudProcess.PATIENCE)
          .untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
      assertThat(directory.resolve("state.json")).doesNotExist();
    }
    try (var cloud = CloudProcess.start(directory, data, "--end-with-stdin")) {
      var state = cloud.awaitReady();
      assertThatAllIsThere(state);
      try (var second = CloudProcess.start(directory, data)) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output()).contains("Another local cloud is using the data in");
      }

      cloud.process().getOutputStream().close();

      assertThat(cloud.awaitEnd()).isZero();
    }
  }

  @Test
  void portsInUseAreNamedWithTheirOwnerAndTheSettingThatChangesThem() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        var cloud =
            CloudProcess.start(
                directory,
                "--redis-port=" + taken.getLocalPort(),
                "--postgres-port=" + taken.getLocalPort())) {
      assertThat(cloud.awaitEnd()).isEqualTo(1);
      assertThat(cloud.output())
          .contains("Port " + taken.getLocalPort() + ", for Redis, cannot be used")
          .contains("REDIS_PORT=<port>")
          .contains("for PostgreSQL")
          .contains("POSTGRES_PORT=<port>");
      if (Files.isDirectory(Path.of("/proc/self"))) {
        assertThat(cloud.output()).contains("pid " + ProcessHandle.current().pid());
      }
    }
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheOptions() throws Exception {
    try (var cloud = CloudProcess.start(directory, "--redis-prot=1")) {
      assertThat(cloud.awaitEnd()).isEqualTo(1);
      assertThat(cloud.output())
          .contains("Unknown option --redis-prot")
          .contains("--redis-port 16379");
    }
  }

  /** A 5xx would be retried by every SDK. */
  private static void assertThatNonsenseIsTheCallersFault(State state) throws IOException {
    var publish = "Action=ListTopics&Version=2010-03-31";
    assertThat(post(state, "/", "", publish)).startsWith("HTTP/1.1 200");
    assertThat(post(state, "/", "Origin: http://localhost:3000", publish))
        .startsWith("HTTP/1.1 200");
    for (var page : List.of("Origin: https://evil.example", "Origin: null", "Origin: %")) {
      assertThat(post(state, "/", page, publish)).startsWith("HTTP/1.1 403");
    }
    assertThat(post(state, "/", "Sec-Fetch-Site: cross-site", publish)).startsWith("HTTP/1.1 403");
    assertThat(post(state, "/", "", "Action=Publish&Message=" + "x".repeat(5_000_000)))
        .startsWith("HTTP/1.1 413");
    var toSqs = "X-Amz-Target: AmazonSQS.ListQueues";
    assertThat(post(state, "/?a={b}", toSqs, "{}")).startsWith("HTTP/1.1 400");
    var toSts = "Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request";
    assertThat(post(state, "/", toSts, "Action=GetCallerIdentity&Version=2011-06-15"))
        .startsWith("HTTP/1.1 404")
        .contains("DynamoDB, SQS, SNS or S3");
  }

  private static void kill(CloudProcess cloud, String program) {
    cloud.tree().stream()
        .filter(process -> process.info().command().orElse("").endsWith(program))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static void assertThatOutagesBeginAndEnd(State state) throws IOException {
    assertThat(request(state, "PUT /outages/redis", "127.0.0.1")).contains(" 204 ");
    assertThat(request(state, "PUT /outages/sqs", "127.0.0.1")).contains(" 204 ");
    assertThat(get(state, "/health", "127.0.0.1"))
        .contains(" 503 ", "\"redis\":\"DOWN\"", "\"sqs\":\"DOWN\"");
    assertThat(request(state, "GET /?Action=ListQueues&Version=2012-11-05", "127.0.0.1")).isEmpty();

    assertThat(request(state, "DELETE /outages/redis", "127.0.0.1")).contains(" 204 ");
    assertThat(request(state, "DELETE /outages/sqs", "127.0.0.1")).contains(" 204 ");
    assertThat(get(state, "/health", "127.0.0.1")).contains(" 200 ");
    assertThat(redis(state, "PING")).isEqualTo("+PONG");
    assertThat(request(state, "PUT /outages/sts", "127.0.0.1")).contains(" 404 ");
  }

  private static void writeEverywhere(State state) throws SQLException, IOException {
    try (var dynamoDb = CloudProcess.client(DynamoDbClient.builder(), state);
        var sns = CloudProcess.client(SnsClient.builder(), state)) {
      dynamoDb.putItem(
          r -> r.tableName("links").item(Map.of("code", AttributeValue.fromS("kept"))));
      sns.publish(
          r ->
              r.topicArn("arn:aws:sns:ap-northeast-2:000000000000:campaign-events").message("남는다"));
    }
    try (var connection =
            DriverManager.getConnection(state.jdbcUrl(), state.jdbcUser(), state.jdbcPassword());
        var statement = connection.createStatement()) {
      statement.execute("create table kept as select 42 as answer");
    }
    assertThat(redis(state, "SET kept yes")).isEqualTo("+OK");
    try (var s3 = CloudProcess.client(S3Client.builder().forcePathStyle(true), state)) {
      s3.putObject(
          r -> r.bucket("images").key("kept/봄.jpg").contentType("image/jpeg"),
          RequestBody.fromString("kept"));
    }
  }

  private static void assertThatAllIsThere(State state) throws SQLException, IOException {
    try (var dynamoDb = CloudProcess.client(DynamoDbClient.builder(), state);
        var sqs = CloudProcess.client(SqsClient.builder(), state)) {
      assertThat(
              dynamoDb
                  .getItem(
                      r -> r.tableName("links").key(Map.of("code", AttributeValue.fromS("kept"))))
                  .hasItem())
          .isTrue();
      var url = sqs.getQueueUrl(r -> r.queueName("campaign-changes")).queueUrl();
      assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages())
          .singleElement()
          .satisfies(message -> assertThat(message.body()).isEqualTo("남는다"));
    }
    try (var connection =
            DriverManager.getConnection(state.jdbcUrl(), state.jdbcUser(), state.jdbcPassword());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select answer from kept")) {
      assertThat(rows.next()).isTrue();
    }
    assertThat(redis(state, "EXISTS kept")).isEqualTo(":1");
    try (var s3 = CloudProcess.client(S3Client.builder().forcePathStyle(true), state)) {
      var kept = s3.getObjectAsBytes(r -> r.bucket("images").key("kept/봄.jpg"));
      assertThat(kept.asUtf8String()).isEqualTo("kept");
      assertThat(kept.response().contentType()).isEqualTo("image/jpeg");
    }
  }

  private static String redis(State state, String command) throws IOException {
    var address = URI.create(state.redisUri());
    try (var socket = new Socket(InetAddress.ofLiteral(address.getHost()), address.getPort())) {
      socket
          .getOutputStream()
          .write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .findFirst()
          .orElse("");
    }
  }

  // The JDK's HTTP client does not let a caller choose the Host header.
  private static String get(State state, String path, String host) throws IOException {
    return request(state, "GET " + path, host);
  }

  private static String request(State state, String line, String host) throws IOException {
    return send(state, line + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  private static String post(State state, String path, String header, String body)
      throws IOException {
    return send(
        state,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(path, body.length(), header.isEmpty() ? "" : header + "\r\n", body));
  }

  private static String send(State state, String request) throws IOException {
    var address = URI.create(state.endpoint());
    try (var socket = new Socket(InetAddress.ofLiteral(address.getHost()), address.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The local addresses, as the kernel writes them, of all listening TCP and all UDP sockets of
   * these processes.
   */
  private static List<String> listeningAddresses(List<ProcessHandle> processes) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (var process : processes) {
      try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
        for (var descriptor : descriptors) {
          sockets.add(target(descriptor));
        }
      } catch (NoSuchFileException | DirectoryIteratorException ended) {
        // PostgreSQL's helpers come and go.
      }
    }
    var addresses = new ArrayList<String>();
    for (var table : List.of("tcp", "tcp6", "udp", "udp6")) {
      for (var line : Files.readAllLines(Path.of("/proc/net/" + table))) {
        var fields = line.strip().split("\\s+", -1);
        var isOpenToAll = fields[3].equals("0A") || table.startsWith("udp");
        if (isOpenToAll && fields.length > 9 && sockets.contains("socket:[" + fields[9] + "]")) {
          addresses.add(fields[1].substring(0, fields[1].indexOf(':')));
        }
      }
    }
    return addresses;
  }

  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException closedMeanwhile) {
      return "";
    }
  }
}
