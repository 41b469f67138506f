package dev.backline.desk.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Runs processes in stages: a stage is started when the one before is ready, its parts at the same
 * time. A part that dies later is replaced where it can be. All are stopped together in reverse
 * order, whatever the reason.
 */
public final class Supervisor {

  /** What a person's Ctrl-C and everything else that was asked for ends with. */
  public static final int STOPPED = 0;

  /** A part died, did not get ready or had to be killed. */
  public static final int FAILED = 1;

  /** Ended at once, on the second Ctrl-C. */
  public static final int KILLED = 130;

  /** What a JVM that SIGTERM has ended exits with. */
  private static final int SIGTERM = 143;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration AFTER_KILL = Duration.ofSeconds(5);

  /** A part that dies more often than this within a minute will not live. */
  private static final int REPLACEMENTS = 3;

  private static final Duration REPLACEMENTS_COUNTED = Duration.ofMinutes(1);

  private final List<List<Part>> stages;
  private final Limits limits;
  private final Map<String, String> environment;
  private final Path logs;
  private final UnaryOperator<String> renderer;
  private final Screen screen;

  private final List<List<Started>> started = new ArrayList<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final CompletableFuture<Void> atOnce = new CompletableFuture<>();
  private final Map<Part, Deque<Instant>> replacements = new HashMap<>();
  private volatile boolean allReady;
  private volatile boolean showLogs;

  /**
   * How long things may take.
   *
   * @param start of one part until it is ready
   * @param stop of one part from SIGTERM to SIGKILL; ECS gives 30 s
   */
  public record Limits(Duration start, Duration stop) {}

  /** What is done once all parts are ready. */
  @FunctionalInterface
  public interface WhenReady {
    void run() throws InterruptedException;
  }

  private record Started(Part part, Child child, Screen.Name name) {}

  /** Why the suite ends: the part that failed and how, or nothing where a person wanted it. */
  private sealed interface End {
    record Asked() implements End {}

    record Died(Started part, int exitCode) implements End {}

    record NotReady(Started part) implements End {}

    record NotStarted(Part part, IOException cause) implements End {}
  }

  /**
   * A supervisor of these stages.
   *
   * @param environment what every part gets, next to its own
   * @param logs an existing directory for two files per part: its output ({@code .log}) and, as
   *     long as it runs, its process id ({@code .pid})
   * @param renderer makes a line of output readable
   */
  public Supervisor(
      List<List<Part>> stages,
      Limits limits,
      Map<String, String> environment,
      Path logs,
      UnaryOperator<String> renderer,
      Screen screen) {
    this.stages = stages;
    this.limits = limits;
    this.environment = environment;
    this.logs = logs;
    this.renderer = renderer;
    this.screen = screen;
  }

  /**
   * Asks for a graceful end; asked for the second time, kills everything. Safe to call from a
   * signal handler.
   */
  public void stop() {
    if (!end.complete(new End.Asked())) {
      atOnce.complete(null);
    }
  }

  /**
   * Starts everything, stays until it ends, and leaves no process.
   *
   * @param whenReady done once all parts are ready, before their logs are shown
   * @return {@link #STOPPED}, {@link #FAILED} or {@link #KILLED}
   */
  public int run(WhenReady whenReady) throws InterruptedException {
    boolean clean;
    End reason;
    try {
      if (startAll()) {
        allReady = true;
        whenReady.run();
        showLogs = true;
      }
      reason = await(end);
      explain(reason);
    } finally {
      clean = stopAll();
    }
    if (atOnce.isDone()) {
      return KILLED;
    }
    return clean && reason instanceof End.Asked ? STOPPED : FAILED;
  }

  /** Whether a part has failed or somebody wants everything to end. */
  public boolean isEnding() {
    return end.isDone();
  }

  private boolean startAll() throws InterruptedException {
    for (List<Part> stage : stages) {
      if (!start(stage) || !awaitReady(started.getLast())) {
        return false;
      }
    }
    return !end.isDone();
  }

  private boolean start(List<Part> stage) {
    int width =
        stages.stream()
            .flatMap(List::stream)
            .mapToInt(part -> part.name().length())
            .max()
            .orElse(0);
    int index = started.stream().mapToInt(List::size).sum();
    var running = new CopyOnWriteArrayList<Started>();
    started.add(running);
    for (Part part : stage) {
      Screen.Name name = screen.name(part.name(), index++, width);
      if (!start(part, name, running)) {
        return false;
      }
    }
    return true;
  }

  private boolean start(Part part, Screen.Name name, List<Started> running) {
    var variables = new TreeMap<>(environment);
    variables.putAll(part.environment());
    try {
      if (!allReady) {
        Files.deleteIfExists(log(part));
      }
      Child child = Child.start(part.command(), variables, log(part), line -> show(name, line));
      Files.writeString(pidFile(part), String.valueOf(child.pid()));
      var one = new Started(part, child, name);
      running.add(one);
      var _ = child.exit().thenAccept(code -> died(one, code, running));
      return true;
    } catch (IOException e) {
      end.complete(new End.NotStarted(part, e));
      return false;
    }
  }

  private void died(Started one, int code, List<Started> running) {
    try {
      Files.deleteIfExists(pidFile(one.part()));
    } catch (IOException e) {
      screen.say("%s cannot be deleted: %s".formatted(pidFile(one.part()), e.getMessage()));
    }
    if (!end.isDone()) {
      replaceOrEnd(one, code, running);
    }
  }

  /** Holds the lock that {@link #stopAll} takes: no part is started behind its back. */
  private synchronized void replaceOrEnd(Started one, int code, List<Started> running) {
    if (end.isDone()) {
      return;
    }
    if (!allReady || !mayBeReplaced(one.part())) {
      end.complete(new End.Died(one, code));
      return;
    }
    screen.say(
        "  %-14s ended by itself, exit code %s; starting another one, as ECS does"
            .formatted(one.part().name(), exitCode(code)));
    running.remove(one);
    if (start(one.part(), one.name(), running)) {
      Started replacement = running.getLast();
      Thread.ofVirtual().name("ready-" + one.part().name()).start(() -> watch(replacement));
    }
  }

  private boolean mayBeReplaced(Part part) {
    Deque<Instant> before = replacements.computeIfAbsent(part, _ -> new ArrayDeque<>());
    Instant now = Instant.now();
    before.removeIf(instant -> instant.isBefore(now.minus(REPLACEMENTS_COUNTED)));
    before.add(now);
    return part.replaced() && before.size() <= REPLACEMENTS;
  }

  private void watch(Started replacement) {
    try {
      awaitReady(List.of(replacement));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitReady(List<Started> stage) throws InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(POLL_TIMEOUT).build()) {
      var waiting = new ArrayList<>(stage);
      while (!waiting.isEmpty()) {
        for (Started one : List.copyOf(waiting)) {
          if (end.isDone()) {
            return false;
          }
          if (!one.child().isAlive()) {
            // Whether that is the end, or there is another one to wait for, is decided elsewhere.
            if (allReady) {
              return false;
            }
          } else if (isReady(http, one.part().readiness())) {
            screen.say(
                "  %-14s ready in %s".formatted(one.part().name(), seconds(one.child().age())));
            waiting.remove(one);
          } else if (one.child().age().compareTo(limits.start()) > 0) {
            end.complete(new End.NotReady(one));
            return false;
          }
        }
        if (!waiting.isEmpty()) {
          awaitAtMost(end, POLL);
        }
      }
    }
    return true;
  }

  private static boolean isReady(HttpClient http, URI readiness) throws InterruptedException {
    var request = HttpRequest.newBuilder(readiness).timeout(POLL_TIMEOUT).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void show(Screen.Name name, String line) {
    if (showLogs) {
      screen.say(name, renderer.apply(line));
    }
  }

  private void explain(End reason) {
    switch (reason) {
      case End.Asked() -> screen.say("\nStopping. Ctrl-C again ends everything at once.");
      case End.Died(Started one, int code) ->
          failure(
              one,
              "ended by itself after %s, exit code %s"
                  .formatted(seconds(one.child().age()), exitCode(code)));
      case End.NotReady(Started one) ->
          failure(
              one,
              "is not ready after %s (%s)"
                  .formatted(seconds(limits.start()), one.part().readiness()));
      case End.NotStarted(Part part, IOException cause) ->
          screen.say("\n%s could not be started: %s".formatted(part.name(), cause.getMessage()));
    }
  }

  private void failure(Started one, String what) {
    List<String> lines = one.child().lastLines();
    screen.say(
        "\n%s %s. All of its output is in %s%s"
            .formatted(
                one.part().name(),
                what,
                log(one.part()),
                lines.isEmpty() ? "" : "; its last lines:"));
    lines.forEach(line -> screen.say(one.name(), renderer.apply(line)));
    screen.say("\nStopping the others.");
  }

  private static String exitCode(int code) {
    return code > 128 && code < 160
        ? code + " (signal " + (code - 128) + ")"
        : String.valueOf(code);
  }

  /** Stops the stages in reverse order; true when nothing had to be killed. */
  private synchronized boolean stopAll() throws InterruptedException {
    boolean clean = true;
    for (List<Started> stage : started.reversed()) {
      clean &= stop(stage);
    }
    return clean;
  }

  private boolean stop(List<Started> stage) throws InterruptedException {
    long begin = System.nanoTime();
    var exits = new ArrayList<CompletableFuture<Void>>();
    for (Started one : stage) {
      if (one.child().isAlive()) {
        exits.add(one.child().exit().thenAccept(code -> sayStopped(one, begin, code)));
        one.child().stop();
      }
    }
    var allExits = CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new));
    awaitAtMost(CompletableFuture.anyOf(allExits, atOnce), limits.stop());

    boolean clean = true;
    for (Started one : stage) {
      if (one.child().isAlive()) {
        clean = false;
        String why =
            atOnce.isDone()
                ? "killed"
                : "did not stop within " + seconds(limits.stop()) + ": killed";
        one.child().kill();
        screen.say("  %-14s %s".formatted(one.part().name(), why));
      }
    }
    awaitAtMost(allExits, AFTER_KILL);
    return clean;
  }

  private void sayStopped(Started one, long begin, int code) {
    if (!one.child().wasKilled()) {
      screen.say(
          "  %-14s stopped in %s%s"
              .formatted(
                  one.part().name(),
                  since(begin),
                  code == 0 || code == SIGTERM ? "" : " with exit code " + exitCode(code)));
    }
  }

  private Path log(Part part) {
    return logs.resolve(part.name() + ".log");
  }

  private Path pidFile(Part part) {
    return logs.resolve(part.name() + ".pid");
  }

  private static String since(long nanoTime) {
    return seconds(Duration.ofNanos(System.nanoTime() - nanoTime));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void awaitAtMost(CompletableFuture<?> future, Duration atMost)
      throws InterruptedException {
    try {
      future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException goOn) {
      // The caller looks at what happened.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
