package dev.backline.redirector.link;

/** What a link does now; all but {@link #ACTIVE} answer 410. */
public enum LinkState {
  ACTIVE,
  EXPIRED,
  DISABLED,
  DELETED
}
