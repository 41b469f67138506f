package dev.backline.beapi.campaign.web;

import dev.backline.beapi.campaign.CampaignDetails;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(
    name = "CampaignDetails",
    description = "Replaces all details: what is left away is removed.")
record CampaignDetailsRequest(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, maxLength = 120) @Nullable String title,
    @Schema(maxLength = 2_000) @Nullable String description,
    @Schema(maxLength = 120) @Nullable String artist,
    @Schema(maxLength = 60) @Nullable String city,
    @Schema(example = "spring/cover.jpg") @Nullable String imageKey,
    @Nullable Instant opensAt,
    @Nullable Instant closesAt) {

  CampaignDetails details() {
    return CampaignDetails.of(title, description, artist, city, imageKey, opensAt, closesAt);
  }
}
