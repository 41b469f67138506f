package dev.backline.eventworker.clicks;

import dev.backline.eventworker.inbox.PoisonMessageException;
import dev.backline.eventworker.inbox.PoisonMessageException.Reason;
import dev.backline.eventworker.inbox.StoreUnavailableException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the clicks of a batch once, whatever number of times the batch is delivered. */
public final class ClickCounter {

  /**
   * No chunk is begun later than this after its message. With the 15 s that one transaction may
   * take at most, a message is handled well inside the 60 s of its visibility timeout.
   */
  public static final Duration LAST_BEGIN = Duration.ofSeconds(30);

  /**
   * Chunks with the same popular link meet in its items, and DynamoDB cancels transactions that
   * meet. One at a time, those of this task never do; more throughput comes from more tasks.
   */
  private final Lock oneAtATime = new ReentrantLock(true);

  private final LinkStats stats;
  private final ClickWindow window;
  private final Clock clock;
  private final Counter counted;
  private final Counter duplicateChunks;
  private final Counter batches;
  private final Timer lag;

  ClickCounter(LinkStats stats, ClickWindow window, Clock clock, MeterRegistry meters) {
    this.stats = stats;
    this.window = window;
    this.clock = clock;
    this.counted =
        Counter.builder("clicks.counted").description("Clicks that were counted").register(meters);
    this.duplicateChunks =
        Counter.builder("clicks.chunks.duplicate")
            .description("Chunks that had been counted by an earlier delivery")
            .register(meters);
    this.batches =
        Counter.builder("clicks.batches")
            .description("Batches whose clicks are all counted")
            .register(meters);
    this.lag =
        Timer.builder("clicks.lag")
            .description("From the oldest click of a batch to the batch being counted")
            .serviceLevelObjectives(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofMinutes(10))
            .register(meters);
  }

  /**
   * Returns when every click of the message is counted.
   *
   * @throws PoisonMessageException when the message is not a batch of clicks
   * @throws dev.backline.eventworker.inbox.StoreUnavailableException when some chunks are not
   *     counted yet; the next delivery goes on with them
   */
  public void count(String body) {
    long begin = System.nanoTime();
    ClickBatch batch = ClickBatch.read(body);
    window.check(batch);
    List<Chunk> chunks = Chunk.of(batch);
    boolean anyAdded = false;
    for (Chunk chunk : chunks) {
      switch (add(chunk, begin)) {
        case ADDED -> {
          anyAdded = true;
          counted.increment((double) chunk.clicks());
        }
        case DUPLICATE -> duplicateChunks.increment();
        case BATCH_REUSED ->
            throw new PoisonMessageException(
                Reason.BATCH_REUSED, "batch: other clicks were counted under this id");
      }
    }
    batches.increment();
    if (anyAdded) {
      lag.record(Duration.between(batch.oldest(), clock.instant()));
    }
  }

  private LinkStats.Outcome add(Chunk chunk, long begin) {
    long left = LAST_BEGIN.toNanos() - (System.nanoTime() - begin);
    try {
      if (left > 0 && oneAtATime.tryLock(left, TimeUnit.NANOSECONDS)) {
        try {
          return stats.add(chunk);
        } finally {
          oneAtATime.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StoreUnavailableException(
        "Chunk %d was not begun in time".formatted(chunk.number()), null);
  }
}
