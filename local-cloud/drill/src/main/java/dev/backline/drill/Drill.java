package dev.backline.drill;

import dev.backline.desk.Suite;
import dev.backline.desk.UsageException;
import dev.backline.desk.process.Part;
import dev.backline.drill.DrillSettings.Command;
import dev.backline.drill.DrillSettings.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code make drill}: two instances of a service behind a balancer and under load are replaced one
 * after another, and what is lost on the way is counted.
 */
final class Drill implements AutoCloseable {

  private static final Duration LOAD_ALONE = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(100);

  /** Archives pay from this many starts on. */
  private static final int DEPLOYS_WORTH_ARCHIVES = 5;

  private final DrillSettings settings;
  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private final FreePorts ports = new FreePorts();
  private final Path haproxy;
  private final Processes processes;
  private final @Nullable Cloud cloud;

  /**
   * Starts what the runs have in common.
   *
   * @param root of the clone
   * @param directory for all files of the drill
   */
  Drill(
      DrillSettings settings,
      Map<String, String> environment,
      Path root,
      Path directory,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    this.settings = settings;
    this.environment = environment;
    this.progress = progress;
    this.haproxy = findHaproxy(root);
    this.processes =
        new Processes(
            Files.createDirectories(directory.resolve("logs")), Suite.inherited(environment));
    try {
      this.cloud =
          settings.subject() instanceof Service
              ? Cloud.start(processes, root, directory, ports, settings.startLimit())
              : null;
    } catch (IOException | InterruptedException | RuntimeException e) {
      processes.close();
      throw e;
    }
  }

  private static Path findHaproxy(Path root) throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder(root.resolve("scripts").resolve("haproxy").toString()).start();
    script.getOutputStream().close();
    String program =
        new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    String complaint =
        new String(script.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (script.waitFor() != 0) {
      throw new UsageException(complaint);
    }
    return Path.of(program);
  }

  /** One run, with instances and a balancer of its own. */
  Result run(Mode mode) throws IOException, InterruptedException {
    return new Run(mode).run();
  }

  @Override
  public void close() {
    if (cloud != null) {
      cloud.close();
    }
    processes.close();
  }

  private Part part(Slot slot) throws IOException {
    return switch (settings.subject()) {
      case Service service when cloud != null -> cloud.service(service.name(), slot);
      case Service service -> throw new IllegalStateException(service + " without a cloud");
      case Command command ->
          new Part(
              command.name(),
              List.of(
                  "/bin/sh",
                  "-c",
                  "exec "
                      + command
                          .line()
                          .replace(Command.PORT, String.valueOf(slot.port()))
                          .replace(Command.MANAGEMENT_PORT, String.valueOf(slot.managementPort()))),
              Map.of(),
              URI.create(slot.url() + command.readiness()),
              false);
    };
  }

  private Traffic traffic(String url) throws IOException {
    return switch (settings.subject()) {
      case Command command -> new PathTraffic(url, command.path());
      case Service service when cloud != null ->
          switch (service.name()) {
            case "redirector" -> new RedirectorTraffic(cloud, url);
            case "be-api" -> new ApiTraffic(cloud, url);
            default -> new WorkerTraffic(cloud, url);
          };
      case Service service -> throw new IllegalStateException(service + " without a cloud");
    };
  }

  /** The state of one run. */
  private final class Run {

    private final Mode mode;
    private final String name;
    private final Deque<Slot> free = new ArrayDeque<>();
    private final Deque<Instance> serving = new ArrayDeque<>();
    private final List<Instance.Exit> exits = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private int started;

    Run(Mode mode) {
      this.mode = mode;
      this.name =
          settings.subject() instanceof Service service
              ? service.name() + "-" + mode.label()
              : mode.label();
      // One more than instances: the new one is there before the old one goes.
      for (String slot : List.of("a", "b", "c")) {
        free.add(new Slot(slot, ports.next(), ports.next()));
      }
    }

    Result run() throws IOException, InterruptedException {
      Balancer balancer =
          Balancer.start(
              processes,
              "haproxy-" + name,
              haproxy,
              ports,
              List.copyOf(free),
              settings.subject().readiness(),
              settings.lag());
      try (Traffic traffic = traffic(balancer.url());
          var client = new Client(ledger)) {
        startTwo(balancer, traffic);
        if (cloud != null && settings.deploys() >= DEPLOYS_WORTH_ARCHIVES) {
          cloud.makeArchives(environment);
        }
        try (var load = Load.start(settings.rate(), () -> traffic.send(client))) {
          Thread.sleep(LOAD_ALONE);
          for (int deploy = 1; deploy <= settings.deploys(); deploy++) {
            replaceOldest(balancer, traffic, client);
            load.requireNoFailure();
            tell(deploy);
          }
          Thread.sleep(LOAD_ALONE);
        }
        awaitArrival(traffic);
        List<Tally> tallies = traffic.tallies();
        var idleExits = new ArrayList<Instance.Exit>();
        for (Instance instance : serving) {
          instance.requireRunning();
          idleExits.add(instance.end(mode));
        }
        return new Result(mode, ledger.requests(), tallies, List.copyOf(exits), idleExits);
      }
    }

    private void startTwo(Balancer balancer, Traffic traffic)
        throws IOException, InterruptedException {
      Instance first = start(traffic);
      Instance second = start(traffic);
      awaitServing(first, balancer);
      awaitServing(second, balancer);
    }

    /** As ECS does with 100 % healthy at least, but without telling the balancer first. */
    private void replaceOldest(Balancer balancer, Traffic traffic, Client client)
        throws IOException, InterruptedException {
      awaitServing(start(traffic), balancer);
      Instance oldest = serving.removeFirst();
      oldest.requireRunning();
      traffic.ending(oldest, client);
      exits.add(oldest.end(mode));
      while (balancer.sendsTo(oldest.slot())) {
        Thread.sleep(POLL);
      }
      free.add(oldest.slot());
    }

    private Instance start(Traffic traffic) throws IOException {
      Slot slot = free.removeFirst();
      Part part = part(slot);
      var variables = new TreeMap<>(part.environment());
      variables.putAll(mode.environment());
      Instance instance =
          Instance.start(
              processes,
              "%s-%d-%s".formatted(name, ++started, slot.name()),
              slot,
              part.command(),
              variables);
      serving.addLast(instance);
      traffic.started(instance);
      return instance;
    }

    private void awaitServing(Instance instance, Balancer balancer) throws InterruptedException {
      while (!balancer.sendsTo(instance.slot())) {
        for (Instance any : serving) {
          any.requireRunning();
        }
        if (instance.age().compareTo(settings.startLimit()) > 0) {
          throw instance.failure(
              "is not ready after %d s: GET %s%s does not answer 200 (START_LIMIT=<seconds> waits longer)"
                  .formatted(
                      settings.startLimit().toSeconds(),
                      instance.slot().url(),
                      settings.subject().readiness()));
        }
        Thread.sleep(POLL);
      }
    }

    private void awaitArrival(Traffic traffic) throws IOException, InterruptedException {
      long begin = System.nanoTime();
      while (!traffic.hasArrived() && System.nanoTime() - begin < traffic.patience().toNanos()) {
        Thread.sleep(POLL);
      }
    }

    private void tell(int deploy) {
      Instance.Exit exit = exits.getLast();
      progress.accept(
          "  %s %d of %d: exit code %d after %s, %d of %d requests failed so far"
              .formatted(
                  mode.label(),
                  deploy,
                  settings.deploys(),
                  exit.code(),
                  Report.seconds(exit.after()),
                  ledger.requests().failed(),
                  ledger.requests().sent()));
    }
  }
}
