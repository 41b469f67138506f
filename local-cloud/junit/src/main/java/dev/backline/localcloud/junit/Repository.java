package dev.backline.localcloud.junit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the repository that the tests run in. */
final class Repository {

  private static final String TEMPLATE = "infra/templates/data.json";

  private Repository() {}

  static Path root() {
    var start = Path.of("").toAbsolutePath();
    for (Path directory = start; directory != null; directory = directory.getParent()) {
      if (Files.isRegularFile(directory.resolve(TEMPLATE))) {
        return directory;
      }
    }
    throw new IllegalStateException(
        "Neither " + start + " nor a directory above it has " + TEMPLATE);
  }

  static Path template() {
    return root().resolve(TEMPLATE);
  }
}
