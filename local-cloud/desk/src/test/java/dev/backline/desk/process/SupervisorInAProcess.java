package dev.backline.desk.process;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A supervisor that can be killed. Arguments: directory for logs, readiness address, then the
 * command of its one part.
 */
final class SupervisorInAProcess {

  private SupervisorInAProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    var screen = new Screen(System.out, false);
    var part =
        new Part(
            "orphan",
            List.of(arguments).subList(2, arguments.length),
            Map.of(),
            URI.create(arguments[1]),
            false);
    var limits = new Supervisor.Limits(Duration.ofMinutes(1), Duration.ofSeconds(30));
    new Supervisor(
            List.of(List.of(part)),
            limits,
            System.getenv(),
            Path.of(arguments[0]),
            line -> line,
            screen)
        .run(() -> screen.say("READY"));
  }
}
