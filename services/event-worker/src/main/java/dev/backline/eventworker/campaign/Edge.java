package dev.backline.eventworker.campaign;

import java.time.Duration;

/** The caches between the previews and their readers. */
public interface Edge {

  /**
   * No call takes longer. A message is in hand meanwhile, so it counts for the visibility timeout.
   */
  Duration LONGEST_CALL = Duration.ofSeconds(10);

  /**
   * Makes the caches forget the campaign's page. May be called again for the same change without
   * more effect.
   *
   * @throws RuntimeException when the caches may still hold it
   */
  void forget(CampaignChange change);
}
