package dev.backline.rediskeyspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import redis.embedded.RedisServer;

/**
 * A real Redis whose default user may not send KEYS, FLUSHALL or FLUSHDB: whoever tries to fails
 * the test.
 */
final class RedisForTests implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  private static final String ADMIN = "admin";

  private final int port = freePort();
  private final RedisServer server = server(port);
  private final LettuceConnectionFactory admin = new LettuceConnectionFactory(asAdmin(port));
  private final LettuceConnectionFactory connections = newConnections();

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    server.start();
    started(admin);
    started(connections);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    try (var connection = admin.getConnection()) {
      connection.serverCommands().flushAll();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    connections.destroy();
    admin.destroy();
    server.stop();
  }

  int port() {
    return port;
  }

  LettuceConnectionFactory connections() {
    return connections;
  }

  LettuceConnectionFactory newConnections() {
    return new LettuceConnectionFactory(
        new RedisStandaloneConfiguration("127.0.0.1", port),
        LettuceClientConfiguration.builder().commandTimeout(Duration.ofSeconds(20)).build());
  }

  static LettuceConnectionFactory started(LettuceConnectionFactory factory) {
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  StringRedisTemplate template() {
    return new StringRedisTemplate(connections);
  }

  private static RedisServer server(int port) {
    return RedisServer.builder()
        .port(port)
        .setting("bind 127.0.0.1")
        .setting("save \"\"")
        .setting("user " + ADMIN + " on nopass ~* &* +@all")
        .setting("user default on nopass ~* &* +@all -keys -flushall -flushdb -del")
        .build();
  }

  private static RedisStandaloneConfiguration asAdmin(int port) {
    RedisStandaloneConfiguration configuration =
        new RedisStandaloneConfiguration("127.0.0.1", port);
    configuration.setUsername(ADMIN);
    configuration.setPassword("any");
    return configuration;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
