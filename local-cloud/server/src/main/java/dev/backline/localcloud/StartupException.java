package dev.backline.localcloud;

/** The cloud cannot start; the message is for the person who started it and says what to change. */
public final class StartupException extends RuntimeException {

  public StartupException(String message) {
    super(message);
  }

  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
