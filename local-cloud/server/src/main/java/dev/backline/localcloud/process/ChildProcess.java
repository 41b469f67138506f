package dev.backline.localcloud.process;

import dev.backline.localcloud.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that ends when this JVM ends, also when the JVM is killed: it runs under a small shell
 * script that holds a pipe from the JVM and stops the server when that pipe closes.
 */
final class ChildProcess implements AutoCloseable {

  private static final int LINES_SHOWN = 8;

  private final String name;
  private final Process wrapper;
  private final Path output;

  private ChildProcess(String name, Process wrapper, Path output) {
    this.name = name;
    this.wrapper = wrapper;
    this.output = output;
  }

  static ChildProcess start(String name, String stopSignal, Path output, List<String> command) {
    var all = new ArrayList<>(List.of("sh", "-c", script(), "sh", stopSignal));
    all.addAll(command);
    try {
      var process =
          new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile());
      process.environment().put("LC_ALL", "C");
      return new ChildProcess(name, process.start(), output);
    } catch (IOException e) {
      throw new StartupException(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  private static String script() {
    try (var in = ChildProcess.class.getResourceAsStream("tied-to-parent.sh")) {
      if (in == null) {
        throw new IllegalStateException("tied-to-parent.sh is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return wrapper.isAlive();
  }

  void whenEnded(Runnable action) {
    var _ = wrapper.onExit().thenRun(action);
  }

  /** Waits for a program that ends by itself; true if it ended well. */
  boolean succeeds() {
    try {
      return wrapper.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      return false;
    }
  }

  /** The server's last words. */
  String lastLines() {
    try {
      var lines = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n  ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      return "(" + output + ": " + e.getMessage() + ")";
    }
  }

  StartupException failed(String advice) {
    return new StartupException(name + " did not start" + advice + "\n  " + lastLines());
  }

  /** Stops the server and waits for its end. */
  @Override
  public void close() {
    try {
      wrapper.getOutputStream().close();
      if (!wrapper.waitFor(10, TimeUnit.SECONDS)) {
        wrapper.descendants().forEach(ProcessHandle::destroyForcibly);
        wrapper.destroyForcibly();
      }
    } catch (IOException e) {
      wrapper.destroy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
