package dev.backline.deployment;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The files of a repository that hold numbers. */
final class Repository {

  /** What was built or fetched. Hidden directories are left out as well. */
  private static final Set<String> NOT_SOURCE =
      Set.of("target", "build", "node_modules", "cdk.out");

  /** Of other kinds are a Dockerfile.dockerignore, and texts and programs about Dockerfiles. */
  private static final Predicate<String> DOCKERFILE =
      Pattern.compile(
              "Dockerfile(\\.(?!dockerignore$|md$|java$).+)?|.+\\.[Dd]ockerfile|Containerfile")
          .asMatchPredicate();

  private static final Predicate<String> COMPOSE =
      Pattern.compile("(docker-)?compose([.-].+)?\\.ya?ml").asMatchPredicate();
  private static final Predicate<String> SETTINGS =
      Pattern.compile("application\\.(ya?ml|properties)").asMatchPredicate();

  private final Path root;
  private final List<Path> files;
  private final List<Service> services;

  private Repository(Path root, List<Path> files) throws IOException {
    this.root = root;
    this.files = files;
    List<Path> inherited = resources("defaults.properties"::equals);
    this.services = new ArrayList<>();
    for (Path file : resources(SETTINGS)) {
      services.add(Service.read(this, file, inherited));
    }
  }

  static Repository walk(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(root) || isSource(directory)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.naturalOrder());
    return new Repository(root, files);
  }

  private static boolean isSource(Path directory) {
    String name = directory.getFileName().toString();
    return !name.startsWith(".")
        && !NOT_SOURCE.contains(name)
        && !directory.endsWith(Path.of("src", "test"));
  }

  List<Service> services() {
    return services;
  }

  List<Path> dockerfiles() {
    return files.stream().filter(file -> DOCKERFILE.test(fileName(file))).toList();
  }

  List<Path> composeFiles() {
    return files.stream().filter(file -> COMPOSE.test(fileName(file))).toList();
  }

  List<Path> templates() {
    return files.stream()
        .filter(file -> fileName(file).endsWith(".json"))
        .filter(
            file -> fileName(file).endsWith(".template.json") || name(file).contains("templates/"))
        .toList();
  }

  private List<Path> resources(Predicate<String> fileName) {
    return files.stream()
        .filter(file -> fileName.test(fileName(file)))
        .filter(file -> name(file).contains("src/main/resources/"))
        .toList();
  }

  /** The service with this name. */
  Optional<Service> service(String name) {
    return services.stream().filter(service -> service.isNamed(name)).findFirst();
  }

  /** The service that lives in this directory. */
  Optional<Service> serviceIn(Path directory) {
    Path wanted = directory.normalize();
    return services.stream()
        .filter(service -> service.folder().normalize().equals(wanted))
        .findFirst();
  }

  /** How a file is named in a sentence: from the root, with slashes. */
  String name(Path file) {
    return root.relativize(file).toString().replace(File.separatorChar, '/');
  }

  Path root() {
    return root;
  }

  private static String fileName(Path file) {
    return file.getFileName().toString();
  }
}
