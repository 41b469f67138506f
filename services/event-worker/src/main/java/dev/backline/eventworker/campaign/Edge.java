package dev.backline.eventworker.campaign;

/** The caches between the previews and their readers. */
public interface Edge {

  /**
   * Makes the caches forget the campaign's page. May be called again for the same change without
   * more effect.
   *
   * @throws RuntimeException when the caches may still hold it
   */
  void forget(CampaignChange change);
}
