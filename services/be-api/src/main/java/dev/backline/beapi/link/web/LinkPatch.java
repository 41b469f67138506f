package dev.backline.beapi.link.web;

import dev.backline.beapi.link.LinkChange;
import dev.backline.beapi.link.LinkChange.To;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396). Jackson calls a setter only for a member that is there, so null and
 * absent differ.
 */
final class LinkPatch {

  private @Nullable To<String> targetUrl;
  private @Nullable To<Instant> expiresAt;
  private @Nullable To<Boolean> disabled;
  private @Nullable To<String> note;

  /** The patch in the OpenAPI document, which cannot tell setters. */
  @Schema(name = "LinkPatch", description = "What is left away stays; null removes.")
  record Document(
      @Schema(maxLength = 2_048) String targetUrl,
      @Nullable Instant expiresAt,
      boolean disabled,
      @Schema(maxLength = 500) @Nullable String note) {}

  public void setTargetUrl(@Nullable String value) {
    targetUrl = new To<>(value);
  }

  public void setExpiresAt(@Nullable Instant value) {
    expiresAt = new To<>(value);
  }

  public void setDisabled(@Nullable Boolean value) {
    disabled = new To<>(value);
  }

  public void setNote(@Nullable String value) {
    note = new To<>(value);
  }

  LinkChange toChange() {
    return new LinkChange(targetUrl, expiresAt, disabled, note);
  }
}
