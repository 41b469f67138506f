package dev.backline.aottraining;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir Path directory;

  @Test
  void aServiceThatWasAskedAndStoppedLeavesACacheThatItsNextStartAccepts() throws Exception {
    var cache = directory.resolve("app.aot");
    var jar = jar();
    int port = freePort();

    var training =
        train(cache, "http://127.0.0.1:" + port + "/livez", jar.toString(), String.valueOf(port));

    assertThat(training.exitCode()).as(training.output()).isZero();
    assertThat(training.output()).contains("/livez answers 200");
    var start = run("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-jar", jar.toString(), "0", "end");
    assertThat(start.exitCode()).as(start.output()).isZero();
  }

  @Test
  void aServiceThatEndsByItselfHasNotBeenTrained() throws Exception {
    var missing = directory.resolve("missing.jar").toString();

    var training = train(directory.resolve("app.aot"), "http://127.0.0.1:1/livez", missing);

    assertThat(training.exitCode()).isEqualTo(1);
    assertThat(training.output())
        .contains("The training failed: it ended by itself with exit code 1");
  }

  @Test
  void queuesAndTablesAreThereAndEmpty() throws Exception {
    try (var cloud = EmptyCloud.start();
        var http = HttpClient.newHttpClient()) {
      assertThat(ask(http, cloud, "DynamoDB_20120810.DescribeTable")).contains("ACTIVE");
      assertThat(ask(http, cloud, "DynamoDB_20120810.GetItem")).isEqualTo("{}");
      assertThat(ask(http, cloud, "AmazonSQS.GetQueueUrl")).contains("/000000000000/queue");
      assertThat(ask(http, cloud, "AmazonSQS.ReceiveMessage")).isEqualTo("{}");
      assertThat(ask(http, cloud, "Kinesis_20131202.PutRecord")).isEqualTo("400");
    }
  }

  private record Result(int exitCode, String output) {}

  /** As a build of an image does it. */
  private static Result train(Path cache, String question, String... program)
      throws IOException, InterruptedException {
    var arguments =
        new ArrayList<>(
            List.of(
                "-cp",
                Path.of("target", "classes").toString(),
                Training.class.getName(),
                cache.toString(),
                question,
                "--",
                JAVA,
                "-jar"));
    arguments.addAll(List.of(program));
    return run(arguments.toArray(String[]::new));
  }

  private static Result run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(JAVA));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static String ask(HttpClient http, EmptyCloud cloud, String target)
      throws IOException, InterruptedException {
    var endpoint = URI.create(cloud.environment().get("AWS_ENDPOINT_URL"));
    var answer =
        http.send(
            HttpRequest.newBuilder(endpoint)
                .header("X-Amz-Target", target)
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    return answer.statusCode() == 200 ? answer.body() : String.valueOf(answer.statusCode());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The JVM makes no cache for classes of a directory. */
  private Path jar() throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, TinyService.class.getName());
    var jar = directory.resolve("service.jar");
    var entry = TinyService.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry(entry));
      out.write(Files.readAllBytes(Path.of("target", "test-classes", entry)));
    }
    return jar;
  }

  /**
   * Answers at a port, the first time with 503, until it is stopped; with a second argument it ends
   * at once.
   */
  static final class TinyService {

    private TinyService() {}

    public static void main(String[] arguments) throws IOException {
      if (arguments.length > 1) {
        return;
      }
      var server =
          HttpServer.create(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
              0);
      var asked = new AtomicBoolean();
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(asked.getAndSet(true) ? 200 : 503, -1);
            exchange.close();
          });
      server.start();
    }
  }
}
