package dev.backline.gracefulshutdown;

import java.time.Duration;

/**
 * Goes on serving while readiness already says no: a balancer needs time to notice, and a server
 * that closes its socket at once makes it answer 502 meanwhile.
 *
 * @param elapsed how long it lasted
 * @param requests how many requests still arrived
 * @param quiet whether it ended early because no request arrived any more
 */
public record LameDuck(Duration elapsed, long requests, boolean quiet) {

  private static final Duration STEP = Duration.ofMillis(20);

  /**
   * Waits until no request arrived for {@code lameDuckQuiet}, and for longer than usual, at most
   * {@code lameDuck}.
   */
  public static LameDuck await(RequestActivity activity, ShutdownBudget budget, Deadline deadline)
      throws InterruptedException {
    long start = System.nanoTime();
    long before = activity.arrivals();
    Deadline end = Deadline.after(deadline.remaining(budget.lameDuck()));
    boolean quiet = false;
    while (!quiet && !end.hasPassed()) {
      Thread.sleep(end.remaining(STEP));
      // An arrival long before the start says nothing about what the balancer does now.
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      quiet =
          elapsed.compareTo(budget.lameDuckQuiet()) >= 0
              && activity.isQuiet(budget.lameDuckQuiet());
    }
    return new LameDuck(
        Duration.ofNanos(System.nanoTime() - start), activity.arrivals() - before, quiet);
  }
}
