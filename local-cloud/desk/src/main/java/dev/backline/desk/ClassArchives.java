package dev.backline.desk;

import dev.backline.desk.process.Errand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Archives of loaded classes (CDS), one per part: with it a part starts with a third of the work.
 * Each is made once per build, beside the running suite, by a second process of the part that only
 * starts and ends. Not by the part itself: at its end that would take longer than a stop may, and
 * while it runs (jcmd VM.cds) it crashed JDK 25.0.3 afterwards.
 */
public final class ClassArchives {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Path directory;
  private final List<Training> missing = new ArrayList<>();

  /**
   * How the archive of a part is made.
   *
   * @param command starts the part; options of the JVM can be put in at index 1
   * @param enough tells when it has started, unless it ends by itself
   */
  record Training(
      String part, List<String> command, Map<String, String> environment, BooleanSupplier enough) {}

  public ClassArchives(Path directory) {
    this.directory = directory;
  }

  /**
   * Options that use the archive of a part, if there is one.
   *
   * @param program what the part consists of; when that changes, an archive is of no use
   * @param training makes it, if there is none
   */
  List<String> options(String part, List<Path> program, Training training) throws IOException {
    Files.createDirectories(directory);
    Path archive = archive(part);
    Path description = directory.resolve(part + ".origin");
    String described = describe(program);
    if (Files.exists(archive)
        && Files.exists(description)
        && Files.readString(description).equals(described)) {
      return quietly("-XX:SharedArchiveFile=" + archive);
    }
    Files.deleteIfExists(archive);
    Files.writeString(description, described);
    missing.add(training);
    return List.of();
  }

  public boolean areComplete() {
    return missing.isEmpty();
  }

  /**
   * Makes what is missing. What cannot be made is tried again at the next start.
   *
   * @param inherited variables of each process, next to those of its training
   */
  public void make(Map<String, String> inherited, BooleanSupplier givenUp)
      throws IOException, InterruptedException {
    var errands = new LinkedHashMap<Training, Errand>();
    for (Training training : missing) {
      Path unfinished = unfinished(training.part());
      Files.deleteIfExists(unfinished);
      var command = new ArrayList<>(training.command());
      command.addAll(1, quietly("-XX:ArchiveClassesAtExit=" + unfinished));
      var environment = new LinkedHashMap<>(inherited);
      environment.putAll(training.environment());
      errands.put(
          training,
          Errand.start(command, environment, directory.resolve(training.part() + ".log")));
    }
    for (var errand : errands.entrySet()) {
      Training training = errand.getKey();
      errand.getValue().await(training.enough(), givenUp, LIMIT);
      Path unfinished = unfinished(training.part());
      if (Files.exists(unfinished) && !givenUp.getAsBoolean()) {
        Files.move(unfinished, archive(training.part()), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** A file by which a training can tell that it has done enough. */
  Path note(String part) {
    return directory.resolve(part + ".json");
  }

  /** Of this very JDK: another one refuses it. */
  private Path archive(String part) {
    return directory.resolve("%s-%s.jsa".formatted(part, Runtime.version()));
  }

  private Path unfinished(String part) {
    return directory.resolve(part + ".new");
  }

  private static List<String> quietly(String option) {
    // What the JVM says of an archive is of no interest to a person, and not JSON. That it
    // reads one without its shortcut for modules, as that of the cloud, it calls an error.
    return List.of(option, "-Xlog:disable", "-Xlog:all=error,cds*=off,aot*=off:stderr");
  }

  private static String describe(List<Path> program) throws IOException {
    var description = new StringBuilder();
    for (Path file : program) {
      description.append(Apps.identity(file));
    }
    return description.toString();
  }
}
