package dev.backline.beapi.link;

/** Tells caches that a link has changed. Best effort: caches also forget by themselves. */
public interface LinkNotices {

  /** Never throws and never waits long. */
  void changed(LinkCode code);
}
