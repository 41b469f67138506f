package dev.backline.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @ParameterizedTest
  @CsvSource({"200, 0", "204, 0", "302, 1", "404, 1", "503, 1"})
  void theStatusDecides(int status, int exitCode) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext(
        "/readyz",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      var result =
          run(Map.of("SERVER_PORT", String.valueOf(server.getAddress().getPort())), "/readyz");

      assertThat(result.exitCode()).isEqualTo(exitCode);
      assertThat(result.output().isEmpty()).isEqualTo(exitCode == 0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whereNobodyListensItSaysSo() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, LOOPBACK)) {
      port = socket.getLocalPort();
    }

    assertThat(HealthCheck.check(port, "/livez"))
        .isEqualTo("GET http://127.0.0.1:" + port + "/livez: Connection refused");
  }

  @Test
  void itDoesNotWaitForAServerThatHangs() throws Exception {
    try (var silent = new ServerSocket(0, 1, LOOPBACK)) {
      assertThat(HealthCheck.check(silent.getLocalPort(), "/livez")).endsWith("no answer in time");
    }
  }

  @Test
  void somethingElseThanHttpIsNotWell() throws Exception {
    try (var server = new ServerSocket(0, 1, LOOPBACK)) {
      var thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var socket = server.accept()) {
                      socket.getInputStream().read();
                      socket
                          .getOutputStream()
                          .write("220 mail 200\r\n".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                      // The check tells.
                    }
                  });

      assertThat(HealthCheck.check(server.getLocalPort(), "/livez")).endsWith(": 220 mail 200");
      thread.join();
    }
  }

  @Test
  void withoutAPathItExplainsItself() throws Exception {
    var result = run(Map.of(), "readyz");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).isEqualTo("usage: HealthCheck /path");
  }

  private record Result(int exitCode, String output) {}

  /** As a container's health check: a process of its own. */
  private static Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of("target", "classes").toString(),
                HealthCheck.class.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output.strip());
  }
}
