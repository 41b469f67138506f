package dev.backline.localcloud;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The ports that the cloud will use.
 *
 * @param redis null = without
 * @param postgres null = without
 */
record Ports(int cloud, @Nullable Integer redis, @Nullable Integer postgres, int xray) {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /**
   * Checks that the wanted ports are free and replaces 0 by free ones.
   *
   * @throws StartupException naming every port that is taken, by whom, and the setting that changes
   *     it
   */
  static Ports choose(Settings settings) {
    var problems = new ArrayList<String>();
    var address = settings.cloudAddress();
    var redis = settings.redisPort();
    var postgres = settings.postgresPort();
    var ports =
        new Ports(
            tcp(address, settings.cloudPort(), "the AWS endpoint", "CLOUD_PORT", problems),
            redis == null ? null : tcp(LOOPBACK, redis, "Redis", "REDIS_PORT", problems),
            postgres == null
                ? null
                : tcp(LOOPBACK, postgres, "PostgreSQL", "POSTGRES_PORT", problems),
            udp(address, settings.xrayPort(), problems));
    if (!problems.isEmpty()) {
      throw new StartupException(String.join("\n", problems));
    }
    return ports;
  }

  private static int tcp(
      InetAddress address, int port, String purpose, String setting, ArrayList<String> problems) {
    try (var socket = new ServerSocket()) {
      // A port in TIME_WAIT from the last run is free; one that is listened on is not, also with
      // this option.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return socket.getLocalPort();
    } catch (IOException e) {
      problems.add(taken("Port " + port, purpose, PortOwner.ofTcp(port), setting, e));
      return port;
    }
  }

  private static int udp(InetAddress address, int port, ArrayList<String> problems) {
    try (var socket = new DatagramSocket(null)) {
      socket.bind(new InetSocketAddress(address, port));
      return port;
    } catch (SocketException e) {
      problems.add(
          taken("UDP port " + port, "the X-Ray receiver", PortOwner.ofUdp(port), "XRAY_PORT", e));
    }
    return port;
  }

  private static String taken(
      String port, String purpose, String owner, String setting, IOException e) {
    return "%s, for %s, cannot be used: %s%s. Stop that process or choose another port: %s=<port>"
        .formatted(port, purpose, e.getMessage(), owner, setting);
  }
}
