package dev.backline.localcloud.junit;

import dev.backline.localcloud.junit.Connection.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Hands out the numbered databases of a Redis server. A counter in the server keeps test JVMs
 * apart.
 */
final class RedisDatabases {

  private static final String COUNTER = "backline:local-cloud:databases";

  /** A server that is not ours has Redis's default of 16; database 0 is left to others. */
  private static final int THEIRS = 15;

  private static final int OURS = 1_023;

  private RedisDatabases() {}

  static URI next(RedisServer server) {
    var redis = server.uri();
    try (var socket = new Socket(redis.getHost(), redis.getPort() < 0 ? 6379 : redis.getPort());
        var answers =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      var number = Long.parseLong(ask(socket, answers, "INCR " + COUNTER).substring(1));
      var database = 1 + number % (server.ours() ? OURS : THEIRS);
      if (server.ours()) {
        ask(socket, answers, "SELECT " + database);
        ask(socket, answers, "FLUSHDB");
      }
      return URI.create("redis://" + redis.getHost() + ":" + socket.getPort() + "/" + database);
    } catch (IOException e) {
      throw new IllegalStateException("Redis does not answer at " + redis, e);
    }
  }

  private static String ask(Socket socket, BufferedReader answers, String command)
      throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    var answer = answers.readLine();
    if (answer == null || answer.startsWith("-")) {
      throw new IOException(command + ": " + answer);
    }
    return answer;
  }
}
