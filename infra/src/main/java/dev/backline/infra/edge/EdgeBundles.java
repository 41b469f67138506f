package dev.backline.infra.edge;

import dev.backline.infra.InvalidConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The built functions, {@code edge-lambdas/dist/<name>}. Lambda@Edge has no environment variables:
 * what is deployed is a copy with the settings of an environment beside the code. So a changed
 * setting is a new version, like changed code.
 */
final class EdgeBundles {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path dist;
  private final Path copies;

  /**
   * @param copies where the copies of one environment are made
   */
  EdgeBundles(Path copies) {
    this.dist = Path.of(System.getProperty("backline.edge-bundles", "../edge-lambdas/dist"));
    this.copies = copies;
  }

  /** Of a CloudFront Function: one script, which has no settings. */
  Path script(String function) {
    return index(function);
  }

  /** A directory with the function's bundle and these settings. */
  Path configured(String function, Map<String, ?> config) {
    Path source = index(function).getParent();
    Path copy = copies.resolve(function);
    try {
      delete(copy);
      copy(source, copy);
      Files.writeString(copy.resolve("config.json"), JSON.writeValueAsString(config) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot copy %s to %s".formatted(source, copy), e);
    }
    return copy;
  }

  private Path index(String function) {
    Path index = dist.resolve(function).resolve("index.js");
    if (!Files.exists(index)) {
      throw new InvalidConfigurationException(
          "%s is missing: the edge functions are not built yet. Run: make build"
              .formatted(index.toAbsolutePath().normalize()));
    }
    return index;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (var files = Files.walk(directory)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (isOfAnotherPlatform(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(target.resolve(source.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!isOfTheBuild(file)) {
              Files.copy(
                  file, target.resolve(source.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Binaries for local-edge on the machine that builds. Lambda at the edge is Linux on x64. */
  private static boolean isOfAnotherPlatform(Path directory) {
    return directory.getParent().endsWith("@img")
        && directory.getFileName().toString().startsWith("sharp-")
        && !directory.getFileName().toString().endsWith("-linux-x64");
  }

  /** What the build of edge-lambdas has noted for its next run. */
  private static boolean isOfTheBuild(Path file) {
    return file.endsWith("node_modules/.backline");
  }
}
