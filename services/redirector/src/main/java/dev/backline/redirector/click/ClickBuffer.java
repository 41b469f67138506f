package dev.backline.redirector.click;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds clicks between the redirect and the queue. Adding never waits: when it is full, the newest
 * click is dropped and told to a listener.
 */
public final class ClickBuffer {

  private final BlockingQueue<TracedClick> clicks;
  private final Consumer<Click> dropped;
  private final Counter buffered;
  private final Counter full;

  public ClickBuffer(int capacity, Consumer<Click> dropped, MeterRegistry meters) {
    this.clicks = new ArrayBlockingQueue<>(capacity);
    this.dropped = dropped;
    this.buffered =
        Counter.builder("redirector.clicks.buffered")
            .description("Clicks taken into the buffer")
            .register(meters);
    this.full = droppedClicks(meters, "buffer-full");
    Gauge.builder("redirector.clicks.waiting", clicks, BlockingQueue::size)
        .description("Clicks in the buffer")
        .register(meters);
  }

  /** The one counter of lost clicks, by reason. */
  public static Counter droppedClicks(MeterRegistry meters, String reason) {
    return Counter.builder("redirector.clicks.dropped")
        .description("Clicks that will never be counted")
        .tag("reason", reason)
        .register(meters);
  }

  /**
   * Takes a click in, or drops it.
   *
   * @param traceHeader value for AWSTraceHeader when the visit is traced
   */
  public void add(Click click, @Nullable String traceHeader) {
    if (clicks.offer(new TracedClick(click, traceHeader))) {
      buffered.increment();
    } else {
      full.increment();
      dropped.accept(click);
    }
  }

  /** The oldest click, after at most this time; null when there is none. */
  public @Nullable TracedClick poll(Duration wait) throws InterruptedException {
    return wait.isPositive() ? clicks.poll(wait.toNanos(), TimeUnit.NANOSECONDS) : clicks.poll();
  }

  public int size() {
    return clicks.size();
  }

  /**
   * A click and the trace it belongs to.
   *
   * @param traceHeader value for AWSTraceHeader, or null when the visit is not traced
   */
  public record TracedClick(Click click, @Nullable String traceHeader) {}
}
