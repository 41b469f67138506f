package dev.backline.redirector.click;

import org.jspecify.annotations.Nullable;

/**
 * What a request tells about a visit. It lives as long as the request; only a {@link Click} is
 * kept.
 *
 * @param purpose value of {@code Sec-Purpose} or {@code Purpose}: set when a browser fetches ahead
 * @param country value of {@code CloudFront-Viewer-Country}, or null when the sender is not a
 *     trusted proxy
 */
public record Visit(
    @Nullable String userAgent,
    @Nullable String referer,
    @Nullable String purpose,
    @Nullable String country) {}
