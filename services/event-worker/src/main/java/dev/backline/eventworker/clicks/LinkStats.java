package dev.backline.eventworker.clicks;

/** Where statistics are kept. */
public interface LinkStats {

  /**
   * Adds all updates of a chunk, or none of them.
   *
   * @throws dev.backline.eventworker.inbox.StoreUnavailableException when it is not known to be
   *     added; call again
   * @throws dev.backline.eventworker.inbox.PoisonMessageException when it never can be
   */
  Outcome add(Chunk chunk);

  /** What happened to a chunk. */
  enum Outcome {
    ADDED,
    /** This chunk had been added before. */
    DUPLICATE,
    /** A chunk with this batch id and number but other updates had been added before. */
    BATCH_REUSED
  }
}
