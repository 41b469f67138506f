package dev.backline.beapi.campaign;

/** Why something cannot be done to a campaign. */
public final class CampaignProblem extends RuntimeException {

  /** The cases, each of which the web adapter answers with its own status. */
  public enum Kind {
    NOT_FOUND,
    SLUG_TAKEN,
    CLOSED,
    NOT_PUBLISHED,
    VERSION_MISSING,
    VERSION_STALE
  }

  private final Kind kind;

  public CampaignProblem(Kind kind, Slug slug) {
    super(kind + ": " + slug, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
