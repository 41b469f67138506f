package dev.backline.beapi.link;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a caller wants to have, unchecked. */
public record NewLink(
    @Nullable String targetUrl,
    @Nullable String code,
    @Nullable Instant expiresAt,
    @Nullable String campaign,
    @Nullable String note) {}
