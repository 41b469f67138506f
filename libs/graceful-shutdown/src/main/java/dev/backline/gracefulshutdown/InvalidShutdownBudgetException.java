package dev.backline.gracefulshutdown;

import java.time.Duration;

/** The configured durations do not fit together; says which one to change, and to what. */
public final class InvalidShutdownBudgetException extends RuntimeException {

  private final String action;

  InvalidShutdownBudgetException(String property, Duration value, String reason, String action) {
    super("backline.shutdown." + property + "=" + ShutdownBudget.text(value) + " " + reason + ".");
    this.action = action;
  }

  /** What to change. */
  public String action() {
    return action;
  }
}
