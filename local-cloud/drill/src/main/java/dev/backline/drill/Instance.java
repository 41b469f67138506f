package dev.backline.drill;

import dev.backline.desk.process.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running instance of the service, in a slot. */
final class Instance {

  /** Between SIGTERM and SIGKILL, as on ECS. */
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private static final int STILL_RUNNING = -1;

  private final String name;
  private final Slot slot;
  private final Child child;
  private final Processes processes;
  private volatile boolean ending;

  private Instance(String name, Slot slot, Child child, Processes processes) {
    this.name = name;
    this.slot = slot;
    this.child = child;
    this.processes = processes;
  }

  /**
   * How an instance ended.
   *
   * @param after SIGTERM or SIGKILL
   * @param cutOff whether it was still there after {@link #STOP_TIMEOUT} and had to be killed
   */
  record Exit(Duration after, int code, boolean cutOff) {}

  static Instance start(
      Processes processes,
      String name,
      Slot slot,
      List<String> command,
      Map<String, String> environment)
      throws IOException {
    return new Instance(name, slot, processes.start(name, command, environment), processes);
  }

  Slot slot() {
    return slot;
  }

  Duration age() {
    return child.age();
  }

  boolean isRunning() {
    return child.isAlive();
  }

  List<String> lastLines() {
    return child.lastLines();
  }

  /** Throws where the instance has ended although nobody told it to. */
  void requireRunning() throws InterruptedException {
    if (!ending && !child.isAlive()) {
      throw failure("ended by itself, exit code %d".formatted(exitCode(STOP_TIMEOUT)));
    }
  }

  DrillException failure(String what) {
    return processes.failure(name, child, "(port %d) %s".formatted(slot.port(), what));
  }

  /** Sends the signal and waits for the end. */
  Exit end(Mode mode) throws InterruptedException {
    ending = true;
    long begin = System.nanoTime();
    if (mode == Mode.KILL) {
      child.kill();
    } else {
      child.stop();
    }
    boolean cutOff = false;
    int code = exitCode(STOP_TIMEOUT);
    if (code == STILL_RUNNING) {
      cutOff = true;
      child.kill();
      code = exitCode(STOP_TIMEOUT);
    }
    return new Exit(Duration.ofNanos(System.nanoTime() - begin), code, cutOff);
  }

  private int exitCode(Duration atMost) throws InterruptedException {
    try {
      return child.exit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return STILL_RUNNING;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
