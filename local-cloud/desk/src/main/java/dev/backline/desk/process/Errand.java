package dev.backline.desk.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A process that is started for one thing and then ends. Like the parts of a suite, it never
 * outlives this JVM.
 */
public final class Errand {

  private static final long POLL_MILLIS = 100;

  private final Child child;

  private Errand(Child child) {
    this.child = child;
  }

  /**
   * Starts a program.
   *
   * @param environment all of its variables
   * @param log gets its output
   */
  public static Errand start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    return new Errand(Child.start(command, environment, log, line -> {}));
  }

  /**
   * Waits until the program has ended. It is asked to end as soon as it has done enough, and killed
   * when that takes too long or nobody needs it any more.
   */
  public void await(BooleanSupplier enough, BooleanSupplier givenUp, Duration limit)
      throws InterruptedException {
    boolean asked = false;
    while (true) {
      try {
        child.exit().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException goesOn) {
        if (givenUp.getAsBoolean() || child.age().compareTo(limit) > 0) {
          child.kill();
        } else if (!asked && enough.getAsBoolean()) {
          asked = true;
          child.stop();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
