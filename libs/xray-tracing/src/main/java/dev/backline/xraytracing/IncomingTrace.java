package dev.backline.xraytracing;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a caller said about the trace. An Application Load Balancer sends a root and no parent; that
 * is a trace to continue. Whatever is malformed is treated as absent and not logged, because anyone
 * on the internet can send this header.
 *
 * @param root the trace id, {@code null} for a new trace
 * @param parent the caller's segment, 16 hex digits
 * @param sampled the caller's decision, {@code null} where it left the decision to us
 */
record IncomingTrace(@Nullable String root, @Nullable String parent, @Nullable Boolean sampled) {

  static final IncomingTrace NONE = new IncomingTrace(null, null, null);

  /** Longer ones are not a trace header but an attempt to keep us busy. */
  private static final int MAX_LENGTH = 512;

  private static final Pattern ROOT = Pattern.compile("1-[0-9a-f]{8}-[0-9a-f]{24}");
  private static final Pattern PARENT = Pattern.compile("[0-9a-f]{16}");

  static IncomingTrace parse(@Nullable String header) {
    if (header == null || header.length() > MAX_LENGTH) {
      return NONE;
    }
    String root = null;
    String parent = null;
    Boolean sampled = null;
    for (String part : header.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String value = part.substring(equals + 1).strip();
      switch (part.substring(0, equals).strip()) {
        case "Root" -> root = ROOT.matcher(value).matches() ? value : null;
        case "Parent" -> parent = PARENT.matcher(value).matches() ? value : null;
        case "Sampled" ->
            sampled = value.equals("1") ? Boolean.TRUE : value.equals("0") ? Boolean.FALSE : null;
        default -> {
          // Self (the balancer's own id) and Lineage don't matter to us.
        }
      }
    }
    return root == null ? NONE : new IncomingTrace(root, parent, sampled);
  }
}
