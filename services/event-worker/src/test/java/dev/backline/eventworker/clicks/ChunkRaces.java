package dev.backline.eventworker.clicks;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several workers that got the same message at the same time. */
public final class ChunkRaces {

  private ChunkRaces() {}

  /**
   * What each of the writers was told; the chunk counts 150 persons of links named {@code raced…}.
   */
  public static List<LinkStats.Outcome> race(LinkStats stats, int writers)
      throws InterruptedException, ExecutionException {
    Clicks clicks = Clicks.batch(UUID.randomUUID());
    for (int i = 0; i < 30; i++) {
      clicks.persons(5, Clicks.now(), "raced" + i);
    }
    Chunk chunk = Chunk.of(ClickBatch.read(clicks.body())).getFirst();
    CountDownLatch start = new CountDownLatch(1);
    List<Future<LinkStats.Outcome>> outcomes = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < writers; i++) {
        outcomes.add(
            executor.submit(
                () -> {
                  start.await();
                  return stats.add(chunk);
                }));
      }
      start.countDown();
    }
    List<LinkStats.Outcome> told = new ArrayList<>();
    for (Future<LinkStats.Outcome> outcome : outcomes) {
      told.add(outcome.get());
    }
    return told;
  }
}
