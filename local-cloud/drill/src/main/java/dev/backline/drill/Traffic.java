package dev.backline.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What is sent to a service, and how to find out whether all of it arrived. */
interface Traffic extends AutoCloseable {

  /** One unit of the constant load, on a thread of its own. */
  void send(Client client) throws InterruptedException, IOException;

  /** An instance serves from now on. */
  default void started(Instance instance) {}

  /** An instance is about to be told to end; may begin something that will be in flight then. */
  default void ending(Instance instance, Client client) throws InterruptedException {}

  /** Whether all that was sent has arrived. Called after the load has ended. */
  default boolean hasArrived() throws InterruptedException, IOException {
    return true;
  }

  /** How long what is late may take to arrive. */
  default Duration patience() {
    return Duration.ZERO;
  }

  /** The count, after {@link #hasArrived} or {@link #patience}. */
  default List<Tally> tallies() throws InterruptedException, IOException {
    return List.of();
  }

  @Override
  default void close() {}
}
