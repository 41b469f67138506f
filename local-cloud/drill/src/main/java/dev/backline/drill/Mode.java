package dev.backline.drill;

import java.util.Map;

/** How instances are ended. */
enum Mode {
  /** SIGTERM, with libs/graceful-shutdown. */
  GRACEFUL("graceful"),
  /** SIGTERM, with Spring Boot's own graceful shutdown only. */
  PLAIN("plain"),
  /** SIGKILL, as when memory runs out or a host dies. */
  KILL("kill");

  private final String label;

  Mode(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** What each instance is given. */
  Map<String, String> environment() {
    return this == PLAIN ? Map.of("BACKLINE_SHUTDOWN_ENABLED", "false") : Map.of();
  }
}
