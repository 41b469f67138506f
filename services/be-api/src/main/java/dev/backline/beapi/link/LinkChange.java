package dev.backline.beapi.link;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a caller wants to have changed, unchecked; a part that is null stays as it is. */
public record LinkChange(
    @Nullable To<String> targetUrl,
    @Nullable To<Instant> expiresAt,
    @Nullable To<Boolean> disabled,
    @Nullable To<String> note) {

  /** A new value; null removes the old one. */
  public record To<T>(@Nullable T value) {}

  static <T> @Nullable T newValue(@Nullable To<T> change, @Nullable T old) {
    return change == null ? old : change.value();
  }
}
