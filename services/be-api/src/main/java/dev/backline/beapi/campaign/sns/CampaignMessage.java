package dev.backline.beapi.campaign.sns;

import dev.backline.beapi.campaign.CampaignChanged;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The body on the topic; its type names the version of this form. */
record CampaignMessage(
    String type,
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
    Instant occurredAt) {

  static CampaignMessage of(CampaignChanged change) {
    return new CampaignMessage(
        "campaign-changed.v1",
        change.slug(),
        change.status(),
        change.version(),
        change.title(),
        change.description(),
        change.artist(),
        change.city(),
        change.imageKey(),
        change.opensAt(),
        change.closesAt(),
        change.occurredAt());
  }
}
