package dev.backline.gracefulshutdown;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Which requests are being served, how often they arrive, and when the last one did. */
public final class RequestActivity implements DrainableWork {

  /** A gap that long, in a traffic as steady as the last few requests were, is no chance. */
  private static final int UNUSUAL_GAPS = 3;

  /** About as many requests make up the usual gap. */
  private static final int REMEMBERED_GAPS = 8;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong arrivals = new AtomicLong();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanoTime;
  private volatile long lastArrival;
  private volatile long usualGap;

  public RequestActivity() {
    this(System::nanoTime);
  }

  RequestActivity(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastArrival = nanoTime.getAsLong();
  }

  /** A request has arrived and is served by this thread. */
  public void begin() {
    inFlight.incrementAndGet();
    arrivals.incrementAndGet();
    // Requests that arrive together may overwrite one another's gap: an estimate either way.
    long now = nanoTime.getAsLong();
    long gap = now - lastArrival;
    long usual = usualGap;
    usualGap = usual + (gap - usual) / REMEMBERED_GAPS;
    lastArrival = now;
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

  /**
   * Whether so much time has passed since the last request that no other is to be expected: at
   * least {@code atLeast}, and longer than the gaps between the last requests were.
   */
  boolean isQuiet(Duration atLeast) {
    long since = nanoTime.getAsLong() - lastArrival;
    return since >= Math.max(atLeast.toNanos(), UNUSUAL_GAPS * usualGap);
  }
}
