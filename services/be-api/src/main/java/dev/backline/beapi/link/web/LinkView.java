package dev.backline.beapi.link.web;

import dev.backline.beapi.link.Link;
import dev.backline.beapi.link.LinkProperties;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(name = "Link")
record LinkView(
    String code,
    String shortUrl,
    @Schema(description = "The target as a browser sends it: ASCII, IDN in punycode")
        String targetUrl,
    @Schema(allowableValues = {"active", "expired", "disabled"}) String state,
    boolean disabled,
    @Nullable Instant expiresAt,
    @Nullable String campaign,
    @Nullable String note,
    @Schema(description = "Grows with every change; also the entity tag") long version,
    Instant createdAt,
    Instant updatedAt) {

  static LinkView of(Link link, LinkProperties properties, Instant now) {
    return new LinkView(
        link.code().value(),
        properties.shortUrl(link.code()),
        link.targetUrl(),
        link.state(now).label(),
        link.disabled(),
        link.expiresAt(),
        link.campaign(),
        link.note(),
        link.version(),
        link.createdAt(),
        link.updatedAt());
  }
}
