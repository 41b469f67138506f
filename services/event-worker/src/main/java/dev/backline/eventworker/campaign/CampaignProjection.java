package dev.backline.eventworker.campaign;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * Applies campaign events to the previews, in the order of their versions whatever the order of
 * their delivery.
 */
public final class CampaignProjection {

  private final CampaignPreviews previews;
  private final Edge edge;
  private final MeterRegistry meters;

  CampaignProjection(CampaignPreviews previews, Edge edge, MeterRegistry meters) {
    this.previews = previews;
    this.edge = edge;
    this.meters = meters;
  }

  /**
   * Returns when the preview and the edge know the event.
   *
   * @throws dev.backline.eventworker.inbox.PoisonMessageException when the message is not a
   *     campaign event
   * @throws RuntimeException when the preview or the edge does not know it yet; the next delivery
   *     tries again
   */
  public void project(String body) {
    CampaignChange change = CampaignChange.read(body);
    CampaignPreviews.Outcome outcome = previews.apply(change);
    meters
        .counter("campaigns.events", "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .increment();
    switch (outcome) {
      // A repeated event is the retry of a delivery that may not have come as far as the edge.
      case APPLIED, REPEATED -> edge.forget(change);
      case INVISIBLE, OUTDATED -> {}
    }
  }
}
