package dev.backline.eventworker.inbox;

import org.jspecify.annotations.Nullable;

/** The store did not answer, or not in time; a later delivery may succeed. */
public final class StoreUnavailableException extends RuntimeException {

  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
