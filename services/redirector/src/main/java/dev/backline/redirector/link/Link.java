package dev.backline.redirector.link;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * As much of a link as following it takes.
 *
 * @param expiresAt the first instant at which it leads nowhere, or null for never
 */
public record Link(
    LinkCode code,
    String targetUrl,
    @Nullable Instant expiresAt,
    boolean disabled,
    boolean deleted) {

  /**
   * be-api lets nothing else in; a redirect to {@code javascript:} or with a line break must not
   * depend on that alone.
   *
   * @throws IllegalArgumentException when the target is not an http or https URL
   */
  public Link {
    if (!targetUrl.regionMatches(true, 0, "https://", 0, 8)
        && !targetUrl.regionMatches(true, 0, "http://", 0, 7)) {
      throw new IllegalArgumentException("the target of " + code + " is not http(s)");
    }
  }

  public LinkState stateAt(Instant now) {
    if (deleted) {
      return LinkState.DELETED;
    }
    if (disabled) {
      return LinkState.DISABLED;
    }
    return expiresAt != null && !now.isBefore(expiresAt) ? LinkState.EXPIRED : LinkState.ACTIVE;
  }
}
