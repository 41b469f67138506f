package dev.backline.localcloud.sns;

import java.util.regex.Pattern;

/** The parts of an ARN that matter here. */
record Arn(String service, String account, String resource) {

  private static final Pattern FORM = Pattern.compile("arn:[^:]*:([^:]*):[^:]*:([^:]*):(.+)");

  static Arn parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw SnsException.invalid(text + " is not an ARN");
    }
    return new Arn(parts.group(1), parts.group(2), parts.group(3));
  }
}
