package dev.backline.beapi.link.web;

import dev.backline.beapi.link.NewLink;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Schema(name = "NewLink")
record LinkRequest(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            maxLength = 2_048,
            description = "http or https, a public host, no user name",
            example = "https://tickets.example.com/spring?seat=a")
        @Nullable String targetUrl,
    @Schema(
            minLength = 3,
            maxLength = 64,
            description =
                "ASCII letters, digits, '-', '_' and Hangul syllables; case counts. Random when left away.",
            example = "봄콘서트")
        @Nullable String code,
    @Schema(description = "In the future; from then on the link answers 410")
        @Nullable Instant expiresAt,
    @Schema(description = "Slug of the campaign that the link belongs to")
        @Nullable String campaign,
    @Schema(maxLength = 500, description = "For the owner only") @Nullable String note) {

  NewLink toNewLink() {
    return new NewLink(targetUrl, code, expiresAt, campaign, note);
  }
}
