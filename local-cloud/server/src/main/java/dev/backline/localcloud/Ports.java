package dev.backline.localcloud;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;

/** The ports that the cloud will use. */
record Ports(int cloud, int redis, int postgres, int xray) {

  /**
   * Checks that the wanted ports are free and replaces 0 by free ones.
   *
   * @throws StartupException naming every port that is taken, by whom, and the setting that changes
   *     it
   */
  static Ports choose(Settings settings) {
    var problems = new ArrayList<String>();
    var ports =
        new Ports(
            tcp(settings.cloudPort(), "the AWS endpoint", "CLOUD_PORT", problems),
            tcp(settings.redisPort(), "Redis", "REDIS_PORT", problems),
            tcp(settings.postgresPort(), "PostgreSQL", "POSTGRES_PORT", problems),
            udp(settings.xrayPort(), problems));
    if (!problems.isEmpty()) {
      throw new StartupException(String.join("\n", problems));
    }
    return ports;
  }

  private static int tcp(int port, String purpose, String setting, ArrayList<String> problems) {
    try (var socket = new ServerSocket()) {
      // A port in TIME_WAIT from the last run is free; one that is listened on is not, also with
      // this option.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return socket.getLocalPort();
    } catch (IOException e) {
      problems.add(taken("Port " + port, purpose, PortOwner.ofTcp(port), setting, e));
      return port;
    }
  }

  private static int udp(int port, ArrayList<String> problems) {
    try (var socket = new DatagramSocket(null)) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
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
