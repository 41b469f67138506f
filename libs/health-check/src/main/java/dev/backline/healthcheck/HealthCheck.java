package dev.backline.healthcheck;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server in this container whether it is well: {@code java
 * dev.backline.healthcheck.HealthCheck /readyz}.
 *
 * <p>Exit code 0 for a status of 200 to 299; 1, and a line that says why, for anything else; 2
 * where the arguments are wrong. The port is that of {@code -Dport}, else of {@code SERVER_PORT},
 * else 8080.
 *
 * <p>A plain socket, since a JVM loads an HTTP client ten times as long as this check takes.
 */
public final class HealthCheck {

  private static final int CONNECT_MILLIS = 1_000;

  private static final int ANSWER_MILLIS = 2_000;

  private HealthCheck() {}

  public static void main(String[] arguments) {
    if (arguments.length != 1 || !arguments[0].startsWith("/")) {
      System.err.println("usage: HealthCheck /path");
      System.exit(2);
    }
    String port = System.getProperty("port", System.getenv().getOrDefault("SERVER_PORT", "8080"));
    String problem = check(Integer.parseInt(port), arguments[0]);
    if (problem != null) {
      System.err.println(problem);
      System.exit(1);
    }
  }

  /** Returns what is wrong, or null. */
  static @Nullable String check(int port, String path) {
    String what = "GET http://127.0.0.1:%d%s: ".formatted(port, path);
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: health-check\r\nConnection: close\r\n\r\n"
                  .formatted(path, port)
                  .getBytes(StandardCharsets.US_ASCII));
      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return status != null && status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?") ? null : what + status;
    } catch (SocketTimeoutException e) {
      return what + "no answer in time";
    } catch (IOException e) {
      return what + e.getMessage();
    }
  }
}
