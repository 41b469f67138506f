package dev.backline.eventworker.campaign;

/** Bodies of campaign events as the API publishes them. */
public final class CampaignEvents {

  private CampaignEvents() {}

  public static String event(String slug, String status, long version) {
    return """
    {"type":"campaign-changed.v1","slug":"%s","status":"%s","version":%d,"title":"Title %d",
     "description":"Two\\nlines","artist":"Artist","city":null,"imageKey":"spring/cover.jpg",
     "opensAt":"2026-12-01T10:00:00Z","closesAt":null,"occurredAt":"2026-11-22T10:00:00.123Z"}"""
        .formatted(slug, status, version, version);
  }
}
