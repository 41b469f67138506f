package dev.backline.gracefulshutdown;

import java.time.Duration;

/** The configured durations do not fit together; says which one to change, and to what. */
public final class InvalidShutdownBudgetException extends RuntimeException {

  private final String action;

  InvalidShutdownBudgetException(String property, Duration value, String reason, String action) {
    this("backline.shutdown." + property + "=" + ShutdownBudget.text(value) + " " + reason, action);
  }

  private InvalidShutdownBudgetException(String what, String action) {
    super(what + ".");
    this.action = action;
  }

  /** For a number that is not one of backline.shutdown, under its full name. */
  public static InvalidShutdownBudgetException of(
      String name, Duration value, String reason, String action) {
    return new InvalidShutdownBudgetException(
        name + "=" + ShutdownBudget.text(value) + " " + reason, action);
  }

  /** What to change. */
  public String action() {
    return action;
  }
}
