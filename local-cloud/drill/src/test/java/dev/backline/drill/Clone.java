package dev.backline.drill;

import java.nio.file.Path;

/** This clone, as seen from the directory that Maven runs the tests in. */
final class Clone {

  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private Clone() {}

  /** The tests run at the same time. */
  static Path directoryOf(Class<?> test) {
    return Path.of("target", "drill", test.getSimpleName()).toAbsolutePath();
  }
}
