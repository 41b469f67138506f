package dev.backline.drill;

import java.nio.file.Path;

/** This clone, as seen from the directory that Maven runs the tests in. */
final class Clone {

  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  static final Path DIRECTORY = Path.of("target", "drill").toAbsolutePath();

  private Clone() {}
}
