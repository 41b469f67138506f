package dev.backline.redirector.link;

import org.jspecify.annotations.Nullable;

/** The store didn't answer, and nothing that was remembered may stand in for it. */
public final class LinksUnavailableException extends RuntimeException {

  public LinksUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
