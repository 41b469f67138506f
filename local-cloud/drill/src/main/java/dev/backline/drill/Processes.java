package dev.backline.drill;

import dev.backline.desk.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Every process of a drill, each with a log file; none outlives the drill, however that ends. */
final class Processes implements AutoCloseable {

  /** For the cloud to tidy up; nobody needs the others' last words any more. */
  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final Path logs;
  private final Map<String, String> environment;
  private final List<Child> started = new CopyOnWriteArrayList<>();
  private final Thread atExit = new Thread(this::endAll, "end-processes");

  /**
   * No process yet.
   *
   * @param logs an existing directory for a file per process
   * @param environment what each process is given, next to its own
   */
  Processes(Path logs, Map<String, String> environment) {
    this.logs = logs;
    this.environment = Map.copyOf(environment);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** A process, with a name that no other one of this drill has. */
  Child start(String name, List<String> command, Map<String, String> variables) throws IOException {
    var all = new TreeMap<>(environment);
    all.putAll(variables);
    Files.deleteIfExists(log(name));
    Child child = Child.start(command, all, log(name), line -> {});
    started.add(child);
    return child;
  }

  Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /** What happened to a process, for a person. */
  DrillException failure(String name, Child child, String what) {
    return new DrillException(
        "%s %s. Its output is in %s; the last lines:%n  %s"
            .formatted(name, what, log(name), String.join("\n  ", last(child.lastLines(), 8))));
  }

  private static List<String> last(List<String> lines, int most) {
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }

  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException endingAnyway) {
      // The hook finds nothing left to end.
    }
  }

  private void endAll() {
    started.forEach(Child::stop);
    var exits = started.stream().map(Child::exit).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(exits).get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      started.forEach(Child::kill);
    } catch (InterruptedException e) {
      started.forEach(Child::kill);
      Thread.currentThread().interrupt();
    }
  }
}
