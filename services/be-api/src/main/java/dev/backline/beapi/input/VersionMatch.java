package dev.backline.beapi.input;

import java.util.Set;

/** Which versions a caller is willing to change; the HTTP header If-Match without its syntax. */
public sealed interface VersionMatch {

  /** The caller said nothing. */
  record Missing() implements VersionMatch {}

  /** Any version that there is. */
  record Any() implements VersionMatch {}

  /** One of these; an empty set matches nothing. */
  record OneOf(Set<Long> versions) implements VersionMatch {}

  default boolean accepts(long version) {
    return switch (this) {
      case Missing _, Any _ -> true;
      case OneOf(var versions) -> versions.contains(version);
    };
  }
}
