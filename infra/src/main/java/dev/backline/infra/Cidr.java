package dev.backline.infra;

import java.util.regex.Pattern;

/** A range of IPv4 addresses, such as {@code 10.10.0.0/16}. */
public record Cidr(String range) {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /**
   * @throws InvalidConfigurationException if it is none, or has bits behind the prefix
   */
  public Cidr {
    if (first(range) % size(range) != 0) {
      throw new InvalidConfigurationException(
          range + " has bits behind its prefix, so that it is unclear what is meant");
    }
  }

  public boolean overlaps(Cidr other) {
    return first(range) < first(other.range) + size(other.range)
        && first(other.range) < first(range) + size(range);
  }

  @Override
  public String toString() {
    return range;
  }

  private static long first(String range) {
    var match = FORM.matcher(range);
    if (!match.matches()) {
      throw new InvalidConfigurationException(
          range + " is no range of addresses like 10.10.0.0/16");
    }
    long address = 0;
    for (int part = 1; part <= 4; part++) {
      long value = Long.parseLong(match.group(part));
      if (value > 255) {
        throw new InvalidConfigurationException(
            range + " is no range of addresses: " + value + " > 255");
      }
      address = address * 256 + value;
    }
    return address;
  }

  private static long size(String range) {
    var prefix = Integer.parseInt(range.substring(range.indexOf('/') + 1));
    if (prefix > 32) {
      throw new InvalidConfigurationException(
          range + " is no range of addresses: /" + prefix + " > /32");
    }
    return 1L << (32 - prefix);
  }
}
