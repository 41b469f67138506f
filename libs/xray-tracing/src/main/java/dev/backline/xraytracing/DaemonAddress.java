package dev.backline.xraytracing;

import java.util.regex.Pattern;

/**
 * Where the X-Ray daemon or collector listens for UDP.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record DaemonAddress(String host, int port) {

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /**
   * Understands both forms of {@code AWS_XRAY_DAEMON_ADDRESS}: {@code host:port} and {@code
   * tcp:host:port udp:host:port}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static DaemonAddress parse(String text) {
    for (String part : text.strip().split("\\s+", -1)) {
      String address = part.startsWith("udp:") ? part.substring(4) : part;
      int colon = address.lastIndexOf(':');
      if (part.startsWith("tcp:") || colon <= 0) {
        continue;
      }
      if (PORT.matcher(address.substring(colon + 1)).matches()) {
        int port = Integer.parseInt(address.substring(colon + 1));
        if (port >= 1 && port <= 65_535) {
          return new DaemonAddress(address.substring(0, colon), port);
        }
      }
    }
    throw new IllegalArgumentException("expected host:port, or tcp:host:port udp:host:port");
  }
}
