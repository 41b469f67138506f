package dev.backline.gracefulshutdown.autoconfigure;

import io.awspring.cloud.sqs.listener.IdentifiableContainerComponent;
import io.awspring.cloud.sqs.listener.backpressure.BatchAwareBackPressureHandler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Counts the polls of one queue and decides when it has drained.
 *
 * <p>Permits cannot tell: those of a message that was given back are held by nobody who would
 * release them, and the listener's stop would wait for them until its timeout.
 */
final class DrainableBackPressure
    implements BatchAwareBackPressureHandler, IdentifiableContainerComponent {

  private static final Duration UNTIL_STOP = Duration.ofMillis(10);

  private final BatchAwareBackPressureHandler delegate;
  private final BooleanSupplier stopping;
  private final Predicate<Duration> awaitIdle;
  private int polls;

  /**
   * @param stopping whether the process is being shut down, and not just a listener by its team
   * @param awaitIdle waits until the whole container is idle; false when that takes longer
   */
  DrainableBackPressure(
      BatchAwareBackPressureHandler delegate,
      BooleanSupplier stopping,
      Predicate<Duration> awaitIdle) {
    this.delegate = delegate;
    this.stopping = stopping;
    this.awaitIdle = awaitIdle;
  }

  synchronized int polls() {
    return polls;
  }

  @Override
  public int requestBatch() throws InterruptedException {
    return stopping.getAsBoolean() ? none() : begin(delegate.requestBatch());
  }

  @Override
  public int request(int amount) throws InterruptedException {
    return stopping.getAsBoolean() ? none() : begin(delegate.request(amount));
  }

  private int none() throws InterruptedException {
    // The source asks again until it is told to stop, which is a matter of milliseconds.
    Thread.sleep(UNTIL_STOP);
    return 0;
  }

  private int begin(int permits) {
    // The wait for permits may have taken long.
    if (permits > 0 && stopping.getAsBoolean()) {
      delegate.release(permits, ReleaseReason.NONE_FETCHED);
      return 0;
    }
    synchronized (this) {
      polls += permits > 0 ? 1 : 0;
    }
    return permits;
  }

  @Override
  public void release(int amount, ReleaseReason reason) {
    if (reason == ReleaseReason.NONE_FETCHED || reason == ReleaseReason.PARTIAL_FETCH) {
      synchronized (this) {
        polls = Math.max(0, polls - 1);
      }
    }
    delegate.release(amount, reason);
  }

  @Override
  public boolean drain(Duration timeout) {
    return stopping.getAsBoolean() ? awaitIdle.test(timeout) : delegate.drain(timeout);
  }

  @Override
  public void setId(String id) {
    if (delegate instanceof IdentifiableContainerComponent identifiable) {
      identifiable.setId(id);
    }
  }

  @Override
  public String getId() {
    return delegate instanceof IdentifiableContainerComponent identifiable
        ? identifiable.getId()
        : getClass().getSimpleName();
  }
}
