package dev.backline.desk;

import java.io.Serial;

/** What a person can put right; the message says how. Shown without a stack trace. */
public final class UsageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
