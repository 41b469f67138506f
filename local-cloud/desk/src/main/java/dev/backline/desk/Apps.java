package dev.backline.desk;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * What the suite runs from: copies of what was built, so that a build does not pull the files away
 * under running processes. Services are unpacked: from jars within a jar they start more slowly,
 * and no archive of classes can be made.
 */
public final class Apps {

  private final Path modules;
  private final Path directory;
  private final Path java;

  /**
   * Copies of what was built.
   *
   * @param modules the root of the clone
   * @param directory where the copies go
   */
  public Apps(Path modules, Path directory, Path java) {
    this.modules = modules;
    this.directory = directory;
    this.java = java;
  }

  /** Options of the JVM that the cloud runs in. */
  Path cloudOptions() {
    return modules.resolve(Path.of("local-cloud", "server", "src", "main", "run", "jvm.options"));
  }

  /** The jar of a service, beside the libraries that it names. */
  Path service(String name) throws IOException {
    Path built = onlyJar(modules.resolve("services").resolve(name).resolve("target"));
    Path app = directory.resolve(name);
    if (!isCopyOf(built, app)) {
      Path unpacked = directory.resolve(name + ".new");
      delete(unpacked);
      unpack(built, unpacked);
      delete(app);
      Files.move(unpacked, app);
      // Reproducible builds give all their files one date; the JVM tells by it whether an archive
      // of classes fits.
      touchOwnJars(app);
      remember(built, app);
    }
    return onlyJar(app);
  }

  /** The class path of the cloud: libraries as they are, and copies of this clone's own jars. */
  List<Path> cloudClassPath() throws IOException {
    Path server = modules.resolve(Path.of("local-cloud", "server", "target"));
    Path app = Files.createDirectories(directory.resolve("local-cloud"));
    Path root = modules.toAbsolutePath().normalize();

    var classPath = new ArrayList<Path>();
    classPath.add(copy(onlyJar(server), app));
    for (String entry :
        List.of(
            Files.readString(server.resolve("runtime.classpath"))
                .strip()
                .split(File.pathSeparator, -1))) {
      Path path = Path.of(entry).toAbsolutePath().normalize();
      if (path.startsWith(root)) {
        // Where the build did not package, classes. An archive can be made of jars only.
        path = copy(Files.isDirectory(path) ? onlyJar(path.resolveSibling("")) : path, app);
      } else if (path.getFileName().toString().startsWith("DynamoDBLocal-")) {
        path = withoutClassPath(path, app);
      }
      classPath.add(path);
    }
    return classPath;
  }

  private static Path copy(Path jar, Path app) throws IOException {
    Path copy = app.resolve(jar.getFileName());
    if (!isCopyOf(jar, copy)) {
      Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
      remember(jar, copy);
    }
    return copy;
  }

  /**
   * Its manifest names the directory around it, which is not empty; of such a class path no archive
   * can be made.
   */
  private static Path withoutClassPath(Path jar, Path app) throws IOException {
    Path copy = app.resolve(jar.getFileName());
    if (isCopyOf(jar, copy)) {
      return copy;
    }
    try (var from = new JarFile(jar.toFile())) {
      Manifest manifest = from.getManifest();
      manifest.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
      try (var to = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
        for (JarEntry entry : Collections.list(from.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            to.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream content = from.getInputStream(entry)) {
              content.transferTo(to);
            }
          }
        }
      }
    }
    remember(jar, copy);
    return copy;
  }

  private static boolean isCopyOf(Path source, Path copy) throws IOException {
    Path origin = origin(copy);
    return Files.exists(copy)
        && Files.exists(origin)
        && Files.readString(origin).equals(identity(source));
  }

  private static void remember(Path source, Path copy) throws IOException {
    Files.writeString(origin(copy), identity(source));
  }

  private static Path origin(Path copy) {
    return copy.resolveSibling(copy.getFileName() + ".origin");
  }

  /**
   * Changes whenever the file is written; the date of its content is the same in each reproducible
   * build.
   */
  static String identity(Path file) throws IOException {
    return "%s %d %s%n".formatted(file, Files.size(file), Files.getAttribute(file, "unix:ctime"));
  }

  private static void touchOwnJars(Path app) throws IOException {
    var now = FileTime.from(Instant.now());
    try (Stream<Path> files = Files.walk(app)) {
      for (Path jar :
          files
              .filter(file -> file.getFileName().toString().matches("backline-.*\\.jar"))
              .toList()) {
        Files.setLastModifiedTime(jar, now);
      }
    }
  }

  private void unpack(Path jar, Path target) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    var command =
        List.of(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djarmode=tools",
            "-jar",
            jar.toString(),
            "extract",
            "--destination",
            target.toString());
    Process unpacking = new ProcessBuilder(command).redirectErrorStream(true).start();
    unpacking.getOutputStream().close();
    String output = new String(unpacking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (unpacking.waitFor() != 0) {
        throw new UsageException(
            "%s cannot be unpacked to %s:\n%s".formatted(jar, target, output.strip()));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the main thread", e);
    }
  }

  private static Path onlyJar(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".jar"))
          .findFirst()
          .orElseThrow(
              () ->
                  new UsageException(
                      "There is no jar in " + directory + "; make clean, then again"));
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
