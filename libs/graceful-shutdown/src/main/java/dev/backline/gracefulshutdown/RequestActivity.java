package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Which requests are being served, and how long ago the last one arrived. */
public final class RequestActivity implements DrainableWork {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong arrivals = new AtomicLong();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile long lastArrival = System.nanoTime();

  /** A request has arrived and is served by this thread. */
  public void begin() {
    inFlight.incrementAndGet();
    arrivals.incrementAndGet();
    lastArrival = System.nanoTime();
    threads.add(Thread.currentThread());
  }

  /** This thread is done with it; the response may still go on asynchronously. */
  public void leave() {
    threads.remove(Thread.currentThread());
  }

  /** It has been answered in full. */
  public void end() {
    inFlight.decrementAndGet();
  }

  @Override
  public String name() {
    return "http-requests";
  }

  /** Nothing: the connector is closed by the server. */
  @Override
  public void stopIntake() {}

  /** Requests that arrived and have not been answered in full. */
  @Override
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public Collection<Thread> threads() {
    return List.copyOf(threads);
  }

  /** Requests that arrived since the process started. */
  public long arrivals() {
    return arrivals.get();
  }

  Duration sinceLastArrival() {
    return Duration.ofNanos(System.nanoTime() - lastArrival);
  }
}
