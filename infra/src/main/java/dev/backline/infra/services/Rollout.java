package dev.backline.infra.services;

import dev.backline.infra.InvalidConfigurationException;
import java.time.Duration;

/**
 * How a service gets its next version. Whatever the way, one that does not start is rolled back.
 */
public sealed interface Rollout {

  /** ECS's own limit for pauses of a deployment. */
  Duration LONGEST_PAUSE = Duration.ofHours(24);

  /**
   * Some tasks at a time, for services that nobody sends requests to.
   *
   * @param minPercent of the desired tasks that go on running, 0 to 100
   * @param maxPercent of the desired tasks that run at most, 100 to 200
   */
  record Rolling(int minPercent, int maxPercent) implements Rollout {

    public Rolling {
      within("Rolling.minPercent", minPercent, 0, 100);
      within("Rolling.maxPercent", maxPercent, 100, 200);
      if (minPercent == 100 && maxPercent == 100) {
        throw new InvalidConfigurationException(
            "Rolling(minPercent=100, maxPercent=100) leaves ECS no room to replace a task."
                + " Lower minPercent or raise maxPercent.");
      }
    }

    /** Whether ECS can replace one of so many tasks: it rounds the least up, and the most down. */
    boolean leavesRoomFor(int tasks) {
      return Math.ceilDiv(minPercent * tasks, 100) < maxPercent * tasks / 100;
    }
  }

  /**
   * All requests at once, once the new tasks are healthy.
   *
   * @param bake how long the old tasks stay, to go back to at once; whole minutes, at most 24 hours
   */
  record BlueGreen(Duration bake) implements Rollout {

    public BlueGreen {
      pause("BlueGreen.bake", bake);
    }
  }

  /**
   * Some requests first.
   *
   * @param percent of the requests, 0.1 to 100
   * @param evaluation how long it is only those; whole minutes, at most 24 hours
   * @param bake as in {@link BlueGreen}
   */
  record Canary(double percent, Duration evaluation, Duration bake) implements Rollout {

    public Canary {
      within("Canary.percent", percent, 0.1, 100);
      pause("Canary.evaluation", evaluation);
      pause("Canary.bake", bake);
    }
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InvalidConfigurationException(
          "%s=%s is not between %s and %s.".formatted(name, value, least, most));
    }
  }

  private static void pause(String name, Duration value) {
    if (value.isNegative()
        || value.compareTo(LONGEST_PAUSE) > 0
        || !value.equals(Duration.ofMinutes(value.toMinutes()))) {
      throw new InvalidConfigurationException(
          "%s=%s is not a number of whole minutes from 0 to %d."
              .formatted(name, value, LONGEST_PAUSE.toMinutes()));
    }
  }
}
