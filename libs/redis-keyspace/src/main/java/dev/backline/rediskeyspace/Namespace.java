package dev.backline.rediskeyspace;

import java.util.List;

/**
 * The keys that start with one prefix, such as {@code redirector:v1:link:}. A key belongs to the
 * namespace whose prefix it starts with, and so to that namespace's parents.
 *
 * @param prefix parts that each end with a colon
 */
public record Namespace(String prefix) {

  private static final char SEPARATOR = ':';
  private static final String GLOB = "*?[]\\";

  public Namespace {
    if (prefix.length() < 2 || prefix.charAt(prefix.length() - 1) != SEPARATOR) {
      throw new IllegalArgumentException(
          "A prefix is one or more parts that each end with ':', not \"" + prefix + '"');
    }
    for (String part : prefix.substring(0, prefix.length() - 1).split(":", -1)) {
      checkPart(part);
    }
  }

  /** A namespace of these parts, such as application, version and kind of value. */
  public static Namespace of(String first, String... more) {
    StringBuilder prefix = new StringBuilder(checkPart(first)).append(SEPARATOR);
    for (String part : more) {
      prefix.append(checkPart(part)).append(SEPARATOR);
    }
    return new Namespace(prefix.toString());
  }

  /** A namespace within this one. */
  public Namespace child(String part) {
    return new Namespace(prefix + checkPart(part) + SEPARATOR);
  }

  /**
   * The key of an id. An id may hold any character, since it is never part of a pattern, but must
   * not be empty.
   */
  public String key(String id) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("An id must not be empty");
    }
    return prefix + id;
  }

  /** The id of a key of this namespace. */
  public String id(String key) {
    if (!contains(key)) {
      throw new IllegalArgumentException('"' + key + "\" is not in " + prefix);
    }
    return key.substring(prefix.length());
  }

  /** Whether the key is in this namespace or one within it. */
  public boolean contains(String key) {
    return key.length() > prefix.length() && key.startsWith(prefix);
  }

  /** A glob that matches the keys of this namespace and no others. */
  public String pattern() {
    return escape(prefix) + '*';
  }

  /** The text with every character escaped that means something in a Redis glob. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (GLOB.indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  private static String checkPart(String part) {
    if (part.isBlank()) {
      throw new IllegalArgumentException("A part of a namespace must not be blank");
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == SEPARATOR || GLOB.indexOf(c) >= 0) {
        throw new IllegalArgumentException(
            "A part of a namespace must not contain '" + c + "': \"" + part + '"');
      }
    }
    return part;
  }

  /** The parts, first to last. */
  public List<String> parts() {
    return List.of(prefix.substring(0, prefix.length() - 1).split(":"));
  }

  @Override
  public String toString() {
    return prefix;
  }
}
