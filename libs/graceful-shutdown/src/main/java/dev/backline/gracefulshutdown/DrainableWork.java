package dev.backline.gracefulshutdown;

/**
 * Work that outlives the request or message that caused it: a buffer, a poller, a background job.
 * Every bean of this type is drained after HTTP and SQS have drained and before clients are closed:
 * first all are told to {@linkplain #stopIntake() stop}, then all are awaited until nothing is
 * {@linkplain #inFlight() in flight}, then all are {@linkplain #flush flushed}. Within one step
 * they run side by side, each on a virtual thread; one that hangs or throws is named in the report
 * and does not hinder the others.
 */
public interface DrainableWork {

  /** The name in the report and in the logs; short, stable, unique within the service. */
  String name();

  /** Takes no new work from now on. Returns soon; does not wait for what has begun. */
  void stopIntake();

  /** How many pieces of work have begun and not ended. Asked many times, from another thread. */
  int inFlight();

  /**
   * Writes out what is buffered. Called once, also when work was still in flight at the end of the
   * drain. Interrupted when it goes on after the deadline.
   *
   * @param deadline what is left for it; give {@link Deadline#remaining()} to blocking calls
   * @throws Exception if something could not be written; its message stands in the report
   */
  default void flush(Deadline deadline) throws Exception {}
}
