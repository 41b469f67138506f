package dev.backline.drill;

import java.io.Serial;

/** The drill cannot go on; the message says what happened, where, and what to look at. */
final class DrillException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  DrillException(String message) {
    super(message);
  }
}
