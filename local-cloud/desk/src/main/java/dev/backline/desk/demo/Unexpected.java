package dev.backline.desk.demo;

import java.io.Serial;

/** A step did not do what the story says; the message says what was expected and what came. */
final class Unexpected extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  Unexpected(String message) {
    super(message);
  }

  static void unless(boolean expected, String message) {
    if (!expected) {
      throw new Unexpected(message);
    }
  }
}
