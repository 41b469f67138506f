package dev.backline.eventworker.inbox;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Shuts while the store does not take writes, so that an outage does not use up the deliveries that
 * each message has before it is moved to the dead-letter queue.
 *
 * <p>A failed message shuts the gate. It opens when the store takes a probe write again; the pause
 * before each probe doubles until a message is handled, since a store that takes the probe and
 * refuses the messages is not well either.
 */
public final class IntakeGate {

  private final Duration firstPause;
  private final Duration longestPause;
  private final BooleanSupplier storeTakesWrites;
  private final LongSupplier nanoTime;

  private boolean open = true;
  private Duration pause;
  private long probeAt;

  public IntakeGate(
      Duration firstPause,
      Duration longestPause,
      BooleanSupplier storeTakesWrites,
      LongSupplier nanoTime) {
    this.firstPause = firstPause;
    this.longestPause = longestPause;
    this.storeTakesWrites = storeTakesWrites;
    this.nanoTime = nanoTime;
    this.pause = firstPause;
  }

  /**
   * Probes the store when a probe is due; called by the polling threads, which have nothing else to
   * do then.
   */
  public synchronized boolean isOpen() {
    if (!open && nanoTime.getAsLong() - probeAt >= 0) {
      open = storeTakesWrites.getAsBoolean();
      if (!open) {
        lengthenPause();
      }
    }
    return open;
  }

  /** Whether messages are kept out; asks nobody. */
  public synchronized boolean isShut() {
    return !open;
  }

  /** A message could not be handled because of the store. */
  public synchronized void storeFailed() {
    if (open) {
      open = false;
      lengthenPause();
    }
  }

  /** A message was handled, which is better evidence than any probe. */
  public synchronized void storeAnswered() {
    open = true;
    pause = firstPause;
  }

  private void lengthenPause() {
    probeAt = nanoTime.getAsLong() + pause.toNanos();
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
  }
}
