package dev.backline.redirector.link;

/** The cache level that all redirectors share. It may fail at any time; no method throws. */
public interface SharedLinks {

  Answer find(LinkCode code);

  /** Remembers a link unless something is there already, which a change guard may be. */
  void remember(Link link);

  /** Remembers that no link has this code, under the same condition. */
  void rememberUnknown(LinkCode code);

  /**
   * Forgets what is known of the code, and for a while refuses to learn anything: a reader that
   * asked the store just before the change would otherwise write back what it read.
   */
  void guard(LinkCode code);

  /** What the shared level says about a code. */
  sealed interface Answer {
    record Found(Link link) implements Answer {}

    /** One of the answers without content. */
    enum Without implements Answer {
      /** No link has this code. */
      UNKNOWN,
      /** Never heard of it: ask the store, then tell. */
      MISS,
      /** It changed a moment ago: ask the store for its newest state, and do not tell. */
      GUARDED,
      /** The level is out of order: ask the store. */
      FAILED
    }
  }
}
