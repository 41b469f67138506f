package dev.backline.aottraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.backline.aottraining.Training.FailedTrainingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    var command = List.of(JAVA, "-jar", jar.toString(), String.valueOf(port));

    Training.run(cache, List.of(URI.create("http://127.0.0.1:" + port + "/livez")), command);

    var start =
        new ProcessBuilder(
                JAVA,
                "-XX:AOTCache=" + cache,
                "-XX:AOTMode=on",
                "-jar",
                jar.toString(),
                String.valueOf(port),
                "end")
            .inheritIO()
            .start();
    assertThat(start.waitFor()).isZero();
  }

  @Test
  void aServiceThatEndsByItselfHasNotBeenTrained() {
    var question = List.of(URI.create("http://127.0.0.1:1/livez"));
    var command = List.of(JAVA, "-jar", directory.resolve("missing.jar").toString());

    assertThatExceptionOfType(FailedTrainingException.class)
        .isThrownBy(() -> Training.run(directory.resolve("app.aot"), question, command))
        .withMessage("it ended by itself with exit code 1");
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

  /** Answers at a port until it is stopped; with a second argument it ends at once. */
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
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }
  }
}
