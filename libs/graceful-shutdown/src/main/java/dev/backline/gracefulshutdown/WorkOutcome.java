package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.List;

/**
 * How the drain of one piece of work ended.
 *
 * @param name the work's name
 * @param elapsed from the begin of the shutdown to the moment it was idle, or was cut off
 * @param drained how many pieces were in flight and ended in time
 * @param givenBack how many pieces were returned to where they came from
 * @param abandoned how many pieces were still in flight after that
 * @param problems what went wrong, one sentence each
 * @param threads what the threads that had not ended were doing, one text of several lines each
 */
public record WorkOutcome(
    String name,
    Duration elapsed,
    int drained,
    int givenBack,
    int abandoned,
    List<String> problems,
    List<String> threads) {

  public WorkOutcome {
    problems = List.copyOf(problems);
    threads = List.copyOf(threads);
  }

  /** Whether nothing was cut off and nothing went wrong; what had not begun may be given back. */
  public boolean complete() {
    return abandoned == 0 && problems.isEmpty();
  }

  @Override
  public String toString() {
    var text = new StringBuilder(name).append(": ").append(drained).append(" drained");
    if (givenBack > 0) {
      text.append(", ").append(givenBack).append(" given back");
    }
    if (abandoned > 0) {
      text.append(", ").append(abandoned).append(" abandoned");
    }
    problems.forEach(problem -> text.append(", ").append(problem));
    return text.toString();
  }
}
