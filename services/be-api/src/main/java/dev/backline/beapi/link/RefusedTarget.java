package dev.backline.beapi.link;

import java.util.Locale;

/** A target that no short link may lead to. */
public final class RefusedTarget extends RuntimeException {

  /**
   * Why a target is refused. The names are part of the API: they are sent in lower case with
   * hyphens.
   */
  public enum Reason {
    EMPTY("The target is empty."),
    TOO_LONG(
        "The target has more than "
            + TargetRules.MAX_LENGTH
            + " characters once written as a browser sends it."),
    UNPAIRED_SURROGATE("The target contains half a character (an unpaired surrogate)."),
    CONTROL_CHARACTER(
        "The target contains control characters, such as line breaks or tabs, which browsers drop."),
    BACKSLASH("The target contains a backslash, which browsers read as a slash."),
    NOT_ABSOLUTE("The target must begin with https:// or http:// and name a host."),
    SCHEME_NOT_ALLOWED("Only http and https targets are allowed."),
    HOST_MISSING("The target names no host."),
    USER_INFO("The target must not carry a user name or password before the host."),
    HOST_MALFORMED("The host or port of the target is not valid."),
    HOST_NEEDS_PUNYCODE(
        "The host contains characters that browsers read in different ways; write it in punycode."),
    HOST_SINGLE_LABEL("The host must be a full domain name with at least one dot."),
    HOST_LOCAL("The host is a name of a local network."),
    ADDRESS_NOT_PUBLIC("The host is an address of a private, local or reserved network."),
    OWN_HOST("The target is a short link itself, which could make a loop.");

    private final String detail;

    Reason(String detail) {
      this.detail = detail;
    }

    public String detail() {
      return detail;
    }

    /** The stable code, such as {@code user-info}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  RefusedTarget(Reason reason) {
    super(reason.code(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
