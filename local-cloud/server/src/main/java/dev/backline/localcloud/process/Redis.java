package dev.backline.localcloud.process;

import dev.backline.localcloud.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real Redis server on 127.0.0.1. */
public final class Redis {

  private Redis() {}

  /**
   * Starts Redis and waits until it answers.
   *
   * @param work for its configuration and output
   * @param data keeps the data there; in memory only when null
   */
  public static Server start(int port, Path work, @Nullable Path data) {
    var configuration = work.resolve("redis.conf");
    try {
      if (data != null) {
        Files.createDirectories(data);
      }
      Files.writeString(
          configuration, configuration(port, data == null ? work : data, data != null));
    } catch (IOException e) {
      throw new StartupException(
          "Redis cannot be configured in " + work + ": " + e.getMessage(), e);
    }
    return Server.start(() -> launch(port, configuration, work, data));
  }

  private static ChildProcess launch(int port, Path configuration, Path work, @Nullable Path data) {
    var process =
        ChildProcess.start(
            "Redis",
            "TERM",
            work.resolve("redis.log"),
            List.of(Binaries.redis().toString(), configuration.toString()));
    try {
      Patience.await(() -> answers(port), process::isAlive);
      return process;
    } catch (Patience.ExhaustedException e) {
      process.close();
      throw process.failed(
          " on port "
              + port
              + (data == null
                  ? ""
                  : "; if " + data + " is damaged, move it away or start without DATA"));
    }
  }

  /** As in production, nobody may block the server with KEYS or empty it by accident. */
  private static String configuration(int port, Path directory, boolean keep) {
    return """
        bind 127.0.0.1
        port %d
        dir "%s"
        databases 1024
        save ""
        appendonly %s
        user default on nopass ~* &* +@all -keys -flushall
        """
        .formatted(port, directory, keep ? "yes" : "no");
  }

  private static boolean answers(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 500);
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return "+PONG"
          .equals(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return false;
    }
  }
}
