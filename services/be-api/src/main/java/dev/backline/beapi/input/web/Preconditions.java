package dev.backline.beapi.input.web;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.input.VersionMatch;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Entity tags: the version of a resource in quotes. */
public final class Preconditions {

  /** A version has at most 18 digits, so that it fits a long. */
  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(?:,|$)");

  private static final Pattern VERSION = Pattern.compile("\\d{1,18}");

  private Preconditions() {}

  /** The strong entity tag of a version. */
  public static String tag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Reads If-Match (RFC 9110, 13.1.1). Weak tags and tags that this service never made match
   * nothing.
   */
  public static VersionMatch ifMatch(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return new VersionMatch.Missing();
    }
    if (header.strip().equals("*")) {
      return new VersionMatch.Any();
    }
    var versions = new HashSet<Long>();
    var tags = TAG.matcher(header);
    int end = 0;
    while (end < header.length()) {
      if (!tags.find(end) || tags.start() != end) {
        throw new InvalidInput(
            "If-Match", "must be * or entity tags in double quotes, such as \"3\"");
      }
      var tag = tags.group(2);
      if (tags.group(1) == null && VERSION.matcher(tag).matches()) {
        versions.add(Long.parseLong(tag));
      }
      end = tags.end();
    }
    return new VersionMatch.OneOf(versions);
  }
}
