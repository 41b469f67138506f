package dev.backline.drill;

import dev.backline.desk.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;

/** {@code make drill}. */
public final class Main {

  private static final int FAILED = 1;

  private Main() {}

  /** Started in the root of the clone. */
  public static void main(String[] arguments) throws IOException {
    Command.run(() -> System.exit(drill(System.getenv())));
  }

  private static int drill(Map<String, String> environment) throws IOException {
    DrillSettings settings = DrillSettings.of(environment);
    Path root = Path.of(".");
    Path directory = root.resolve("target").resolve("drill").resolve(settings.subject().name());
    var results = new ArrayList<Result>();
    System.out.printf(
        "%s: %d deploys, %d/s, two instances behind HAProxy, which notices after %d to %d s%n",
        settings.subject().name(),
        settings.deploys(),
        settings.rate(),
        settings.lag() - 1,
        settings.lag());
    Consumer<String> progress = System.out::println;
    try (var drill = new Drill(settings, environment, root, directory, progress)) {
      for (Mode mode : settings.modes()) {
        results.add(drill.run(mode));
      }
    } catch (DrillException e) {
      System.err.println(e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the main thread", e);
    }
    System.out.println();
    System.out.print(Report.of(results));
    return results.stream().allMatch(result -> result.violations().isEmpty()) ? 0 : FAILED;
  }
}
