package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.List;

/**
 * How the drain of one piece of work ended.
 *
 * @param name the work's name
 * @param elapsed from the first step to the end of its last
 * @param abandoned how many pieces were still in flight when the wait for them ended
 * @param problems what went wrong, one sentence each
 */
public record WorkOutcome(String name, Duration elapsed, int abandoned, List<String> problems) {

  public WorkOutcome {
    problems = List.copyOf(problems);
  }

  public boolean drained() {
    return abandoned == 0 && problems.isEmpty();
  }

  @Override
  public String toString() {
    return drained()
        ? name + ": drained"
        : name + ": " + abandoned + " abandoned" + (problems.isEmpty() ? "" : ", " + problems);
  }
}
