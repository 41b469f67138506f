package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Which requests are being served, and how long ago the last one arrived. */
public final class RequestActivity {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong arrivals = new AtomicLong();
  private volatile long lastArrival = System.nanoTime();

  public void begin() {
    inFlight.incrementAndGet();
    arrivals.incrementAndGet();
    lastArrival = System.nanoTime();
  }

  public void end() {
    inFlight.decrementAndGet();
  }

  /** Requests that arrived and have not been answered in full. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Requests that arrived since the process started. */
  public long arrivals() {
    return arrivals.get();
  }

  Duration sinceLastArrival() {
    return Duration.ofNanos(System.nanoTime() - lastArrival);
  }
}
