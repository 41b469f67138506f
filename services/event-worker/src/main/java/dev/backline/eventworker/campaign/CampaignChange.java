package dev.backline.eventworker.campaign;

import dev.backline.eventworker.inbox.Fields;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A campaign as it was after one change.
 *
 * @param version grows by every change of the campaign, starting with 1
 */
public record CampaignChange(
    String slug,
    Status status,
    long version,
    String title,
    @Nullable String description,
    @Nullable String artist,
    @Nullable String city,
    @Nullable String imageKey,
    @Nullable Instant opensAt,
    @Nullable Instant closesAt,
    Instant occurredAt) {

  static final String TYPE = "campaign-changed.v1";

  /** Letters of any script, since slugs may be Hangul. */
  private static final Pattern SLUG = Pattern.compile("[\\p{L}\\p{M}\\p{N}_-]{1,200}");

  /** Only published and closed campaigns have a preview. */
  public enum Status {
    DRAFT,
    PUBLISHED,
    CLOSED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static CampaignChange read(String body) {
    Fields message = Fields.ofMessage(body, TYPE);
    return new CampaignChange(
        message.text("slug", 200, CampaignChange::isSlug, "not the form of a slug, in NFC"),
        message.oneOf("status", Status.class),
        message.positive("version"),
        message.text("title", 1_000),
        message.optionalText("description", 50_000),
        message.optionalText("artist", 1_000),
        message.optionalText("city", 1_000),
        message.optionalText("imageKey", 2_048),
        message.optionalInstant("opensAt"),
        message.optionalInstant("closesAt"),
        message.instant("occurredAt"));
  }

  private static boolean isSlug(String text) {
    return SLUG.matcher(text).matches() && Normalizer.isNormalized(text, Normalizer.Form.NFC);
  }
}
