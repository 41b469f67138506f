package dev.backline.drill;

import dev.backline.drill.Ledger.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one run of the drill counted.
 *
 * @param exits of the instances that were replaced under load
 * @param idleExits of those that were left in the end, without traffic
 */
record Result(
    Mode mode,
    Requests requests,
    List<Tally> tallies,
    List<Instance.Exit> exits,
    List<Instance.Exit> idleExits) {

  /** The deadline of libs/graceful-shutdown: 30 s less its safety margin. */
  static final Duration LONGEST_EXIT = Duration.ofSeconds(25);

  /** Nothing to wait for but the balancer and the last poll of a queue. */
  static final Duration LONGEST_IDLE_EXIT = Duration.ofSeconds(7);

  /** All drained; and what the JVM itself makes of SIGTERM. */
  private static final List<Integer> CLEAN = List.of(0, 143);

  /** What must not happen in this mode, a line each; empty when all is well. */
  List<String> violations() {
    var violations = new ArrayList<String>();
    for (Tally tally : tallies) {
      if (tally.lost() > 0 && !tally.mayBeLost().contains(mode)) {
        violations.add("%d of %d %s lost".formatted(tally.lost(), tally.sent(), tally.what()));
      }
      if (tally.twice() > 0 && !tally.mayComeTwice().contains(mode)) {
        violations.add("%d %s twice".formatted(tally.twice(), tally.what()));
      }
    }
    if (mode == Mode.GRACEFUL) {
      if (requests.failed() > 0) {
        violations.add("%d of %d requests failed".formatted(requests.failed(), requests.sent()));
      }
      check(exits, LONGEST_EXIT, "under load", violations);
      check(idleExits, LONGEST_IDLE_EXIT, "without traffic", violations);
    }
    return violations;
  }

  private static void check(
      List<Instance.Exit> exits, Duration longest, String when, List<String> violations) {
    for (Instance.Exit exit : exits) {
      if (exit.after().compareTo(longest) >= 0) {
        violations.add(
            "an exit %s took %s; less than %s is wanted"
                .formatted(when, Report.seconds(exit.after()), Report.seconds(longest)));
      }
      if (!CLEAN.contains(exit.code())) {
        violations.add("an exit %s with code %d".formatted(when, exit.code()));
      }
    }
  }
}
