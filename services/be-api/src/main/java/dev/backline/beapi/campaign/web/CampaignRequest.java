package dev.backline.beapi.campaign.web;

import dev.backline.beapi.campaign.CampaignDetails;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(name = "NewCampaign")
record CampaignRequest(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            description =
                "2 to 80 lower-case ASCII letters, digits and Hangul syllables, words joined by single hyphens",
            example = "spring-tour-서울")
        @Nullable String slug,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, maxLength = 120) @Nullable String title,
    @Schema(maxLength = 2_000) @Nullable String description,
    @Schema(maxLength = 120) @Nullable String artist,
    @Schema(maxLength = 60, example = "서울") @Nullable String city,
    @Schema(description = "Path of the image below /images", example = "spring/cover.jpg")
        @Nullable String imageKey,
    @Nullable Instant opensAt,
    @Schema(description = "After opensAt") @Nullable Instant closesAt) {

  CampaignDetails details() {
    return CampaignDetails.of(title, description, artist, city, imageKey, opensAt, closesAt);
  }
}
