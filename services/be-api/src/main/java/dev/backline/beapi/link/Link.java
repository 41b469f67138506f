package dev.backline.beapi.link;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A short link. Times are kept to the millisecond.
 *
 * @param owner subject of the token that created it
 * @param version 1 at creation, one more with every change
 * @param expiresAt from then on it no longer redirects
 * @param deletedAt set for a tombstone: the code stays taken, so that an old printed link never
 *     leads elsewhere
 * @param requestId marks the request that created it, so that its repetition is recognized
 */
public record Link(
    LinkCode code,
    String targetUrl,
    String owner,
    Instant createdAt,
    Instant updatedAt,
    long version,
    @Nullable Instant expiresAt,
    boolean disabled,
    @Nullable Instant deletedAt,
    @Nullable String campaign,
    @Nullable String note,
    @Nullable String requestId) {

  /** How long a dead link is kept: long enough to answer 410 while old posts are still read. */
  private static final Duration KEPT_WHEN_DEAD = Duration.ofDays(90);

  public LinkState state(Instant now) {
    if (deletedAt != null) {
      return LinkState.DELETED;
    }
    if (disabled) {
      return LinkState.DISABLED;
    }
    return expiresAt != null && !now.isBefore(expiresAt) ? LinkState.EXPIRED : LinkState.ACTIVE;
  }

  /** When the store may forget the link; null for never. */
  public @Nullable Instant purgeAt() {
    var end = deletedAt != null ? deletedAt : expiresAt;
    return end == null ? null : end.plus(KEPT_WHEN_DEAD);
  }

  Link deleted(Instant now) {
    return new Link(
        code,
        targetUrl,
        owner,
        createdAt,
        now,
        version + 1,
        expiresAt,
        disabled,
        now,
        campaign,
        note,
        requestId);
  }
}
