package dev.backline.beapi.link;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was asked for and checked; it only lacks a code. */
record LinkDraft(
    String owner,
    String targetUrl,
    @Nullable Instant expiresAt,
    @Nullable String campaign,
    @Nullable String note) {

  Link link(LinkCode code, RequestMark mark, Instant now) {
    return new Link(
        code, targetUrl, owner, now, now, 1, expiresAt, false, null, campaign, note, mark.text());
  }
}
