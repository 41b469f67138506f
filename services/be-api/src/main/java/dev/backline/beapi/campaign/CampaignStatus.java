package dev.backline.beapi.campaign;

import java.util.Locale;

/** A campaign goes one way: draft, then published, then closed. */
public enum CampaignStatus {
  DRAFT,
  PUBLISHED,
  CLOSED;

  /** Whether everyone may read it. */
  public boolean isPublic() {
    return this != DRAFT;
  }

  /** The name outside of this service, such as {@code published}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
