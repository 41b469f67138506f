package dev.backline.desk.process;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A child of the supervisor's tests, started from source. Arguments: name, port, then any of {@code
 * deaf} (ignores SIGTERM), {@code slow} (never ready), {@code dies} (exit code 3 as soon as it is
 * ready).
 */
final class TinyServer {

  private TinyServer() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String kind = arguments.length > 2 ? arguments[2] : "";
    System.out.println(arguments[0] + " begins, pid " + ProcessHandle.current().pid());
    // First of all: whoever sees it ready may send SIGTERM at once.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  System.out.println(arguments[0] + " was asked to stop");
                  if (kind.equals("deaf")) {
                    sleepForever();
                  }
                }));
    if (!kind.equals("slow")) {
      var server =
          HttpServer.create(
              new InetSocketAddress(
                  InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(arguments[1])),
              0);
      server.createContext("/", exchange -> exchange.sendResponseHeaders(200, -1));
      server.start();
    }
    if (kind.equals("dies")) {
      System.out.println(
          "{\"message\":\"the reason\",\"level\":\"ERROR\",\"@timestamp\":\"2026-11-22T10:00:00Z\"}");
      System.exit(3);
    }
    sleepForever();
  }

  private static void sleepForever() {
    try {
      Thread.sleep(Duration.ofDays(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
