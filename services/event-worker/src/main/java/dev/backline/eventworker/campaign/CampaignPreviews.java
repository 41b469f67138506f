package dev.backline.eventworker.campaign;

/** The read model of the edge: what may be shown of each campaign. */
public interface CampaignPreviews {

  /**
   * Makes the preview what the change says, unless the same or a newer change was there first.
   *
   * @throws dev.backline.eventworker.inbox.StoreUnavailableException when it is not known to be
   *     done; call again
   * @throws dev.backline.eventworker.inbox.PoisonMessageException when it never can be
   */
  Outcome apply(CampaignChange change);

  /** What happened to a change. */
  enum Outcome {
    /** Visitors see something else than before. */
    APPLIED,
    /** Noted, but there was nothing to see before and there is not now. */
    INVISIBLE,
    /**
     * This very change had been applied by an earlier delivery, which may have ended right after.
     */
    REPEATED,
    /** A newer change had been applied. */
    OUTDATED
  }
}
