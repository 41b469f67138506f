package dev.backline.beapi.link;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as the URL parser writes it: four decimal parts, or IPv6 in brackets. Nothing is
 * ever resolved.
 */
record IpLiteral(InetAddress address) {

  private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * IANA's special-purpose IPv4 ranges that are not reachable for everyone, with multicast and the
   * reserved end.
   */
  private static final List<Range> V4_NOT_PUBLIC =
      ranges(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");

  /** The only IPv6 block that is handed out for the public net, and what in it is not public. */
  private static final Range V6_PUBLIC = Range.of("2000::/3");

  private static final List<Range> V6_NOT_PUBLIC =
      ranges("2001::/23", "2001:db8::/32", "3fff::/20");

  /** Prefixes that carry an IPv4 address, with the place where it stands. */
  private static final List<Embedding> V4_IN_V6 =
      List.of(
          new Embedding(Range.of("::/96"), 12),
          new Embedding(Range.of("::ffff:0:0:0/96"), 12),
          new Embedding(Range.of("64:ff9b::/96"), 12),
          new Embedding(Range.of("2002::/16"), 2));

  static @Nullable IpLiteral parse(String host) {
    boolean v6 = host.startsWith("[") && host.endsWith("]");
    if (!v6 && !V4.matcher(host).matches()) {
      return null;
    }
    try {
      return new IpLiteral(InetAddress.ofLiteral(v6 ? host.substring(1, host.length() - 1) : host));
    } catch (IllegalArgumentException e) {
      throw new RefusedTarget(RefusedTarget.Reason.HOST_MALFORMED);
    }
  }

  boolean isPublic() {
    // Java has already made IPv4 of an IPv4-mapped IPv6 address.
    var bytes = address.getAddress();
    if (bytes.length == 4) {
      return isPublicV4(bytes);
    }
    for (var embedding : V4_IN_V6) {
      if (embedding.prefix().contains(bytes)) {
        return isPublicV4(Arrays.copyOfRange(bytes, embedding.at(), embedding.at() + 4));
      }
    }
    return V6_PUBLIC.contains(bytes) && V6_NOT_PUBLIC.stream().noneMatch(r -> r.contains(bytes));
  }

  private static boolean isPublicV4(byte[] bytes) {
    return V4_NOT_PUBLIC.stream().noneMatch(r -> r.contains(bytes));
  }

  private static List<Range> ranges(String... cidrs) {
    return Arrays.stream(cidrs).map(Range::of).toList();
  }

  private record Embedding(Range prefix, int at) {}

  private record Range(InetAddress network, int bits) {

    static Range of(String cidr) {
      int slash = cidr.indexOf('/');
      return new Range(
          InetAddress.ofLiteral(cidr.substring(0, slash)),
          Integer.parseInt(cidr.substring(slash + 1)));
    }

    boolean contains(byte[] address) {
      var prefix = network.getAddress();
      if (prefix.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((prefix[bit / 8] ^ address[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
