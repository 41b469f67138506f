package dev.backline.beapi.link;

import java.util.Locale;

/** What a link does now; all but ACTIVE answer 410 on the short-link host. */
public enum LinkState {
  ACTIVE,
  EXPIRED,
  DISABLED,
  DELETED;

  /** The name in the API, such as {@code active}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
