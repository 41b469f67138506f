package dev.backline.eventworker.clicks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bodies of click messages as a redirector writes them. */
public final class Clicks {

  private final UUID batch;
  private final List<String> clicks = new ArrayList<>();

  private Clicks(UUID batch) {
    this.batch = batch;
  }

  public static Clicks batch() {
    return batch(UUID.randomUUID());
  }

  public static Clicks batch(UUID id) {
    return new Clicks(id);
  }

  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  public Clicks click(
      Instant at,
      String code,
      @Nullable String country,
      String device,
      @Nullable String referrer,
      String kind) {
    clicks.add(
        """
        {"at":"%s","code":"%s","country":%s,"device":"%s","referrer":%s,"kind":"%s"}"""
            .formatted(at, code, text(country), device, text(referrer), kind));
    return this;
  }

  public Clicks persons(int number, Instant at, String code) {
    for (int i = 0; i < number; i++) {
      click(at, code, "KR", "mobile", null, "person");
    }
    return this;
  }

  public String body() {
    return "{\"type\":\"clicks.v1\",\"batch\":\"%s\",\"clicks\":[%s]}"
        .formatted(batch, String.join(",", clicks));
  }

  private static String text(@Nullable String value) {
    return value == null ? "null" : "\"" + value + "\"";
  }
}
