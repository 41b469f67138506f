package dev.backline.beapi.campaign;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A campaign was changed; holds its whole new state, so that a consumer needs no call back. Stored
 * with the change in one transaction until it has been sent, hence plain types only.
 *
 * @param version grows with every change of a slug; consumers drop what is older than what they
 *     have
 * @param trace the AWS trace header of the request that made the change, so that sending it later,
 *     even by another process, still belongs to that request
 */
public record CampaignChanged(
    String slug,
    String status,
    long version,
    String title,
    @Nullable String description,
    @Nullable String artist,
    @Nullable String city,
    @Nullable String imageKey,
    @Nullable Instant opensAt,
    @Nullable Instant closesAt,
    Instant occurredAt,
    @Nullable String trace) {

  static CampaignChanged of(Campaign campaign, @Nullable String trace) {
    var details = campaign.details();
    return new CampaignChanged(
        campaign.slug().value(),
        campaign.status().label(),
        campaign.version(),
        details.title(),
        details.description(),
        details.artist(),
        details.city(),
        details.imageKey(),
        details.opensAt(),
        details.closesAt(),
        campaign.updatedAt(),
        trace);
  }
}
