package dev.backline.redirector.redirect.web;

import java.net.InetAddress;
import java.util.List;

/** The proxies whose word counts, as address ranges. */
final class TrustedProxies {

  private final List<Range> ranges;

  /**
   * @throws IllegalArgumentException when a range isn't {@code address/bits} or a single address
   */
  TrustedProxies(List<String> ranges) {
    this.ranges = ranges.stream().map(Range::parse).toList();
  }

  /**
   * @param address as the socket tells it, an IP literal
   */
  boolean contains(String address) {
    byte[] bytes;
    try {
      bytes = InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
    for (Range range : ranges) {
      if (range.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  private static final class Range {

    private final byte[] network;
    private final int bits;

    private Range(byte[] network, int bits) {
      this.network = network;
      this.bits = bits;
    }

    static Range parse(String text) {
      int slash = text.indexOf('/');
      try {
        byte[] network =
            InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
        int bits = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
        if (bits >= 0 && bits <= network.length * 8) {
          return new Range(network, bits);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(refusal(text), e);
      }
      throw new IllegalArgumentException(refusal(text));
    }

    private static String refusal(String text) {
      return "backline.redirector.trusted-proxies: '"
          + text
          + "' is not a range such as 10.0.0.0/8";
    }

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != network[i]) {
          return false;
        }
      }
      int mask = 0xff00 >> (bits % 8) & 0xff;
      return mask == 0 || (address[whole] & mask) == (network[whole] & mask);
    }
  }
}
