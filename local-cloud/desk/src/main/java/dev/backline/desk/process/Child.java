package dev.backline.desk.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A started process that cannot outlive this JVM, not even when this JVM is killed with SIGKILL.
 *
 * <p>A shell starts it, leaves a watcher behind that reads a pipe from here, and becomes the
 * program ({@code exec}), so that signals reach the program itself. When the pipe ends without a
 * word, the watcher ends the program.
 */
public final class Child {

  private static final int LINES_KEPT = 40;
  private static final Duration REST_OF_OUTPUT = Duration.ofSeconds(1);

  private final Process process;
  private final long startedAt = System.nanoTime();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<Integer> exit;
  private volatile boolean killed;

  private Child(Process process, Path log, Consumer<String> lines) {
    this.process = process;
    Thread pump =
        Thread.ofPlatform().daemon().name("output-" + process.pid()).start(() -> pump(log, lines));
    this.exit =
        process
            .onExit()
            .thenApplyAsync(
                ended -> {
                  release();
                  awaitRestOfOutput(pump);
                  return ended.exitValue();
                });
  }

  /**
   * Starts a program.
   *
   * @param log its output, both streams, is added to this file as it is
   * @param lines gets its output line by line
   */
  public static Child start(
      List<String> command, Map<String, String> environment, Path log, Consumer<String> lines)
      throws IOException {
    var watched = new ArrayList<>(List.of("/bin/sh", "-c", watchScript(), "watched"));
    watched.addAll(command);
    var builder = new ProcessBuilder(watched).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Child(builder.start(), log, lines);
  }

  private static String watchScript() throws IOException {
    try (var script = Child.class.getResourceAsStream("watched.sh")) {
      if (script == null) {
        throw new IOException("watched.sh is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Completes with the exit code, after all output has been passed on. */
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  /**
   * Sends SIGTERM. By the handle: {@link Process#destroy()} would also close the pipes, and the
   * last words be lost.
   */
  public void stop() {
    process.toHandle().destroy();
  }

  /** Sends SIGKILL. */
  public void kill() {
    killed = true;
    process.toHandle().destroyForcibly();
  }

  boolean wasKilled() {
    return killed;
  }

  public List<String> lastLines() {
    synchronized (lastLines) {
      return List.copyOf(lastLines);
    }
  }

  /**
   * Tells the watcher that there is nothing left to end: the process id may belong to somebody else
   * from now on.
   */
  private void release() {
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write('\n');
    } catch (IOException watcherIsGone) {
      // Nothing to tell then.
    }
  }

  private void pump(Path log, Consumer<String> lines) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter file =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        file.write(line);
        file.newLine();
        if (!output.ready()) {
          file.flush();
        }
        synchronized (lastLines) {
          if (lastLines.size() == LINES_KEPT) {
            lastLines.removeFirst();
          }
          lastLines.addLast(line);
        }
        lines.accept(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Output of process " + process.pid() + " is lost from here on", e);
    }
  }

  /**
   * A process of the child's own may hold the stream open after the child is gone: not waited for.
   */
  private static void awaitRestOfOutput(Thread pump) {
    try {
      pump.join(REST_OF_OUTPUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
