package dev.backline.beapi.link;

import dev.backline.beapi.campaign.Slug;
import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.input.Page;
import dev.backline.beapi.input.PlainText;
import dev.backline.beapi.input.VersionMatch;
import dev.backline.beapi.link.LinkProblem.Kind;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * What the owner of a link can do with it. A link of somebody else is answered as if it did not
 * exist. Every write is conditional on what was read before, so that it can be repeated and never
 * overwrites what it has not seen.
 */
@Service
public class Links {

  /** The largest page. */
  public static final int MAX_LIMIT = 100;

  /** Five taken codes in a row mean that the code space is full or the generator is broken. */
  static final int MAX_TRIES = 5;

  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final LinkStore store;
  private final LinkNotices notices;
  private final TargetRules targets;
  private final Clock clock;

  Links(LinkStore store, LinkNotices notices, LinkProperties properties, Clock clock) {
    this.store = store;
    this.notices = notices;
    this.targets = properties.targetRules();
    this.clock = clock;
  }

  /**
   * A link that was created.
   *
   * @param repeated true when an earlier request with the same key had created it
   */
  public record Created(Link link, boolean repeated) {}

  /**
   * Creates a link. With a key that was used before, the link of that time is returned; for random
   * codes the code follows from the key, so that even a write without an answer is found again.
   */
  public Created create(NewLink request, String owner, IdempotencyKey key) {
    var draft = check(request, owner);
    if (request.code() != null) {
      return put(draft, LinkCode.custom(request.code()), key, Kind.CODE_TAKEN);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return put(draft, LinkCode.derived(owner, key.value(), attempt), key, Kind.NO_FREE_CODE);
      } catch (LinkProblem taken) {
        if (taken.kind() != Kind.NO_FREE_CODE || attempt == MAX_TRIES) {
          throw taken;
        }
      }
    }
  }

  /** Finds a link of this owner. */
  public Link get(LinkCode code, String owner) {
    var link = owned(code, owner);
    if (link.deletedAt() != null) {
      throw new LinkProblem(Kind.DELETED, code);
    }
    return link;
  }

  /** Finds a link of this owner even when it is deleted, for what outlives it. */
  public Link owned(LinkCode code, String owner) {
    return store
        .find(code)
        .filter(link -> link.owner().equals(owner))
        .orElseThrow(() -> new LinkProblem(Kind.NOT_FOUND, code));
  }

  /** Changes parts of a link. */
  public Link change(LinkCode code, String owner, VersionMatch match, LinkChange change) {
    var target = change.targetUrl() == null ? null : targets.check(change.targetUrl().value());
    var expiry =
        change.expiresAt() == null ? null : new LinkChange.To<>(expiry(change.expiresAt().value()));
    var note = change.note() == null ? null : new LinkChange.To<>(note(change.note().value()));
    var disabled = change.disabled();
    if (disabled != null && disabled.value() == null) {
      throw new InvalidInput("disabled", "must be true or false");
    }
    return write(
        code,
        owner,
        match,
        (link, now) ->
            new Link(
                link.code(),
                target == null ? link.targetUrl() : target,
                link.owner(),
                link.createdAt(),
                now,
                link.version() + 1,
                LinkChange.newValue(expiry, link.expiresAt()),
                Boolean.TRUE.equals(LinkChange.newValue(disabled, link.disabled())),
                null,
                link.campaign(),
                LinkChange.newValue(note, link.note()),
                link.requestId()));
  }

  /** Leaves a tombstone. */
  public void delete(LinkCode code, String owner, VersionMatch match) {
    write(code, owner, match, Link::deleted);
  }

  /** The owner's links, newest first, at most {@link #MAX_LIMIT} at once, without deleted ones. */
  public Page<Link> list(String owner, @Nullable Cursor after, int limit) {
    return store.listByOwner(owner, after, Page.checkLimit(limit, MAX_LIMIT));
  }

  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private LinkDraft check(NewLink request, String owner) {
    return new LinkDraft(
        owner,
        targets.check(request.targetUrl()),
        expiry(request.expiresAt()),
        request.campaign() == null ? null : Slug.of("campaign", request.campaign()).value(),
        note(request.note()));
  }

  private Created put(LinkDraft draft, LinkCode code, IdempotencyKey key, Kind whenTaken) {
    var mark = RequestMark.of(key, draft);
    var link = draft.link(code, mark, now());
    var other = store.putIfAbsent(link).orElse(null);
    if (other == null) {
      notices.changed(code);
      return new Created(link, false);
    }
    var otherMark = RequestMark.parse(other.requestId());
    if (otherMark == null
        || !otherMark.key().equals(mark.key())
        || !other.owner().equals(link.owner())) {
      throw new LinkProblem(whenTaken, code);
    }
    if (!otherMark.content().equals(mark.content())) {
      throw new LinkProblem(Kind.KEY_REUSED, code);
    }
    if (other.deletedAt() != null) {
      throw new LinkProblem(Kind.DELETED, code);
    }
    // The first try may have died between its write and its notice.
    notices.changed(code);
    return new Created(other, true);
  }

  @FunctionalInterface
  private interface Edit {
    Link apply(Link link, Instant now);
  }

  private Link write(LinkCode code, String owner, VersionMatch match, Edit edit) {
    for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
      var before = get(code, owner);
      if (!match.accepts(before.version())) {
        throw new LinkProblem(Kind.VERSION_STALE, code);
      }
      var after = edit.apply(before, now());
      if (store.replace(after)) {
        notices.changed(code);
        return after;
      }
    }
    throw new LinkProblem(Kind.BUSY, code);
  }

  private @Nullable Instant expiry(@Nullable Instant value) {
    if (value == null) {
      return null;
    }
    var expiry = value.truncatedTo(ChronoUnit.MILLIS);
    if (!expiry.isAfter(now()) || expiry.isAfter(LATEST)) {
      throw new InvalidInput("expiresAt", "must be in the future, before the year 9999");
    }
    return expiry;
  }

  private static @Nullable String note(@Nullable String value) {
    return PlainText.optional("note", value, 500);
  }
}
