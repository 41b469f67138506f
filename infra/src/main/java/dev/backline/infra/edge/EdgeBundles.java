package dev.backline.infra.edge;

import dev.backline.infra.InvalidConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
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

  private static final String INDEX = "index.js";

  /** A package of binaries for a platform that Lambda at the edge is not: that is Linux on x64. */
  private static final PathMatcher OF_ANOTHER_PLATFORM =
      FileSystems.getDefault().getPathMatcher("regex:.*/@img/sharp-(?!(libvips-)?linux-x64$).*");

  private final Path dist;
  private final Path copies;

  /**
   * @param dist what the build of edge-lambdas has made
   * @param copies where the copies of one environment are made
   */
  EdgeBundles(Path dist, Path copies) {
    this.dist = dist;
    this.copies = copies;
  }

  /**
   * Of an environment; from another place than usual where {@code backline.edge-bundles} says so.
   */
  static EdgeBundles of(String environment) {
    return new EdgeBundles(
        Path.of(System.getProperty("backline.edge-bundles", "../edge-lambdas/dist")),
        Path.of("target", "edge", environment));
  }

  /** Of a CloudFront Function: one script, which has no settings. */
  Path script(String function) {
    return bundle(function).resolve(INDEX);
  }

  /** A directory with the function's bundle and these settings. */
  Path configured(String function, Map<String, ?> config) {
    Path source = bundle(function);
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

  private Path bundle(String function) {
    Path bundle = dist.resolve(function);
    if (!Files.exists(bundle.resolve(INDEX))) {
      throw new InvalidConfigurationException(
          "%s is missing: the edge functions are not built yet. Run: make build"
              .formatted(bundle.resolve(INDEX).toAbsolutePath().normalize()));
    }
    return bundle;
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
            if (OF_ANOTHER_PLATFORM.matches(directory)) {
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
                  file,
                  target.resolve(source.relativize(file)),
                  StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What the build of edge-lambdas has noted for its next run. */
  private static boolean isOfTheBuild(Path file) {
    return file.endsWith("node_modules/.backline");
  }
}
