package dev.backline.beapi.campaign.web;

import dev.backline.beapi.campaign.Campaign;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(name = "Campaign")
record CampaignView(
    String slug,
    @Schema(allowableValues = {"draft", "published", "closed"}) String status,
    @Schema(description = "Grows with every change; also the entity tag") long version,
    String title,
    @Nullable String description,
    @Nullable String artist,
    @Nullable String city,
    @Nullable String imageKey,
    @Nullable Instant opensAt,
    @Nullable Instant closesAt,
    Instant createdAt,
    Instant updatedAt) {

  static CampaignView of(Campaign campaign) {
    var details = campaign.details();
    return new CampaignView(
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
        campaign.createdAt(),
        campaign.updatedAt());
  }
}
