package dev.backline.beapi.campaign;

import dev.backline.beapi.campaign.CampaignProblem.Kind;
import java.time.Instant;

/**
 * A campaign as it is after its newest change.
 *
 * @param version 1 at creation, one more with every change; orders the changes of a slug for
 *     everyone who hears of them
 */
public record Campaign(
    Slug slug,
    CampaignStatus status,
    long version,
    CampaignDetails details,
    Instant createdAt,
    Instant updatedAt) {

  static Campaign draft(Slug slug, CampaignDetails details, Instant now) {
    return new Campaign(slug, CampaignStatus.DRAFT, 1, details, now, now);
  }

  Campaign withDetails(CampaignDetails changed, Instant now) {
    if (status == CampaignStatus.CLOSED) {
      throw new CampaignProblem(Kind.CLOSED, slug);
    }
    return new Campaign(slug, status, version + 1, changed, createdAt, now);
  }

  /** Publishing what is published changes nothing, so that the call can be repeated. */
  Campaign published(Instant now) {
    return switch (status) {
      case DRAFT ->
          new Campaign(slug, CampaignStatus.PUBLISHED, version + 1, details, createdAt, now);
      case PUBLISHED -> this;
      case CLOSED -> throw new CampaignProblem(Kind.CLOSED, slug);
    };
  }

  /** Closing what is closed changes nothing, so that the call can be repeated. */
  Campaign closed(Instant now) {
    return switch (status) {
      case DRAFT -> throw new CampaignProblem(Kind.NOT_PUBLISHED, slug);
      case PUBLISHED ->
          new Campaign(slug, CampaignStatus.CLOSED, version + 1, details, createdAt, now);
      case CLOSED -> this;
    };
  }
}
