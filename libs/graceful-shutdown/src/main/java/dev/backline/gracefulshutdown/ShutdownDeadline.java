package dev.backline.gracefulshutdown;

import java.util.Optional;

/**
 * Answers how much time the process has left. Whatever waits or retries asks it, so that no one
 * sleeps past the moment at which ECS kills the task.
 */
@FunctionalInterface
public interface ShutdownDeadline {

  /**
   * The deadline of the running shutdown, empty as long as the process has not been told to stop.
   */
  Optional<Deadline> current();
}
