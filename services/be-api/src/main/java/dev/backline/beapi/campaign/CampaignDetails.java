package dev.backline.beapi.campaign;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.input.PlainText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an editor writes about a campaign.
 *
 * @param imageKey path of the image below /images, such as {@code spring/cover.jpg}
 * @param closesAt exclusive; after opensAt when both are there
 */
public record CampaignDetails(
    String title,
    @Nullable String description,
    @Nullable String artist,
    @Nullable String city,
    @Nullable String imageKey,
    @Nullable Instant opensAt,
    @Nullable Instant closesAt) {

  private static final Pattern IMAGE_KEY =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  /** From 1970 to 9999: what ISO 8601 with four digits, PostgreSQL and every client agree on. */
  private static final Instant EARLIEST = Instant.EPOCH;

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** Checks what a caller sent. Times are kept to the millisecond. */
  public static CampaignDetails of(
      @Nullable String title,
      @Nullable String description,
      @Nullable String artist,
      @Nullable String city,
      @Nullable String imageKey,
      @Nullable Instant opensAt,
      @Nullable Instant closesAt) {
    var details =
        new CampaignDetails(
            PlainText.required("title", title, 120),
            PlainText.optionalLines("description", description, 2_000),
            PlainText.optional("artist", artist, 120),
            PlainText.optional("city", city, 60),
            imageKey(imageKey),
            time("opensAt", opensAt),
            time("closesAt", closesAt));
    if (details.opensAt != null
        && details.closesAt != null
        && !details.closesAt.isAfter(details.opensAt)) {
      throw new InvalidInput("closesAt", "must be after opensAt");
    }
    return details;
  }

  private static @Nullable String imageKey(@Nullable String value) {
    var key = PlainText.optional("imageKey", value, 200);
    if (key != null && !IMAGE_KEY.matcher(key).matches()) {
      throw new InvalidInput(
          "imageKey",
          "must be a path of ASCII letters, digits, '.', '-' and '_', without a leading slash or '..'");
    }
    return key;
  }

  private static @Nullable Instant time(String field, @Nullable Instant value) {
    if (value == null) {
      return null;
    }
    if (value.isBefore(EARLIEST) || value.isAfter(LATEST)) {
      throw new InvalidInput(field, "must be between the years 1970 and 9999");
    }
    return value.truncatedTo(ChronoUnit.MILLIS);
  }
}
