package dev.backline.gracefulshutdown;

import java.util.Collection;
import java.util.List;

/**
 * Work that outlives the request or message that caused it: a buffer, a poller, a background job.
 * Every bean of this type is drained after HTTP has drained and before clients are closed: all are
 * told to {@linkplain #stopIntake() stop}, all are awaited until nothing is {@linkplain #inFlight()
 * in flight}, what is left is {@linkplain #giveBack given back} and interrupted, and all are
 * {@linkplain #flush flushed}. Within one step they run side by side, each on a virtual thread; one
 * that hangs or throws is named in the report and does not hinder the others.
 *
 * <p>{@link WorkInFlight} is an implementation for work that can simply be counted.
 */
public interface DrainableWork {

  /** The name in the report, in metrics and in logs; short, stable, unique within the service. */
  String name();

  /** Takes no new work from now on. Returns soon; does not wait for what has begun. */
  void stopIntake();

  /** How many pieces of work have begun and not ended. Asked many times, from another thread. */
  int inFlight();

  /**
   * The threads that work on what is in flight, as far as they are known. Where they have not ended
   * in time, the report shows what they are doing, and they are interrupted.
   */
  default Collection<Thread> threads() {
    return List.of();
  }

  /**
   * Returns what was taken and cannot be finished to where it came from, so that another instance
   * takes it at once. Called once, when the wait is over; what is {@linkplain #inFlight() in
   * flight} afterwards is lost. Interrupted when it takes longer than half of the flush reserve.
   *
   * @return how many pieces went back since {@link #stopIntake()}, those that had not begun
   *     included
   * @throws Exception if something could not be returned; its message stands in the report
   */
  default int giveBack(Deadline deadline) throws Exception {
    return 0;
  }

  /**
   * Writes out what is buffered. Called once, also when work was still in flight at the end of the
   * wait. Interrupted when it goes on after the deadline.
   *
   * @param deadline what is left for it; give {@link Deadline#remaining()} to blocking calls
   * @throws Exception if something could not be written; its message stands in the report
   */
  default void flush(Deadline deadline) throws Exception {}
}
