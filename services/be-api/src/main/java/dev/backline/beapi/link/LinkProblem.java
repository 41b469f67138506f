package dev.backline.beapi.link;

/** Why something cannot be done to a link. */
public final class LinkProblem extends RuntimeException {

  /** The cases, each of which the web adapter answers with its own status. */
  public enum Kind {
    NOT_FOUND,
    CODE_TAKEN,
    DELETED,
    VERSION_STALE,
    /** The idempotency key was used before for another request. */
    KEY_REUSED,
    /** No free random code within the allowed number of tries. */
    NO_FREE_CODE,
    /** Others changed the link again and again while we tried. */
    BUSY
  }

  private final Kind kind;

  LinkProblem(Kind kind, Object subject) {
    super(kind + ": " + subject, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
