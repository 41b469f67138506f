package dev.backline.beapi.campaign;

import dev.backline.beapi.campaign.CampaignProblem.Kind;
import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.Page;
import dev.backline.beapi.input.PlainText;
import dev.backline.beapi.input.VersionMatch;
import dev.backline.xraytracing.TraceContext;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What can be done with campaigns. Every change and the event that tells of it are stored in one
 * transaction.
 */
@Service
public class Campaigns {

  /** The largest page. */
  public static final int MAX_LIMIT = 100;

  /** Each failed try means that somebody else's change succeeded. */
  private static final int MAX_TRIES = 10;

  private final CampaignStore store;
  private final ApplicationEventPublisher events;
  private final TraceContext trace;
  private final Clock clock;

  Campaigns(
      CampaignStore store, ApplicationEventPublisher events, TraceContext trace, Clock clock) {
    this.store = store;
    this.events = events;
    this.trace = trace;
    this.clock = clock;
  }

  /** Creates a draft. */
  @Transactional
  public Campaign create(Slug slug, CampaignDetails details) {
    var campaign = Campaign.draft(slug, details, now());
    if (!store.insert(campaign)) {
      throw new CampaignProblem(Kind.SLUG_TAKEN, slug);
    }
    return told(campaign);
  }

  /**
   * Finds a campaign.
   *
   * @param drafts whether the caller may see drafts; for others a draft does not exist
   */
  @Transactional(readOnly = true)
  public Campaign get(Slug slug, boolean drafts) {
    return store
        .find(slug)
        .filter(campaign -> drafts || campaign.status().isPublic())
        .orElseThrow(() -> new CampaignProblem(Kind.NOT_FOUND, slug));
  }

  /** Lists campaigns, newest first, at most {@link #MAX_LIMIT} at once. */
  @Transactional(readOnly = true)
  public Page<Campaign> list(
      @Nullable String city, boolean drafts, @Nullable Cursor after, int limit) {
    Page.checkLimit(limit, MAX_LIMIT);
    var rows = store.list(PlainText.optional("city", city, 60), drafts, after, limit + 1);
    if (rows.size() <= limit) {
      return new Page<>(rows, null);
    }
    var last = rows.get(limit - 1);
    return new Page<>(rows.subList(0, limit), new Cursor(last.createdAt(), last.slug().value()));
  }

  /**
   * Replaces the details of a draft or published campaign; the caller must name the version that it
   * has seen.
   */
  @Transactional
  public Campaign replace(Slug slug, CampaignDetails details, VersionMatch match) {
    if (match instanceof VersionMatch.Missing) {
      throw new CampaignProblem(Kind.VERSION_MISSING, slug);
    }
    return change(slug, match, campaign -> campaign.withDetails(details, now()));
  }

  @Transactional
  public Campaign publish(Slug slug, VersionMatch match) {
    return change(slug, match, campaign -> campaign.published(now()));
  }

  @Transactional
  public Campaign close(Slug slug, VersionMatch match) {
    return change(slug, match, campaign -> campaign.closed(now()));
  }

  private Campaign change(Slug slug, VersionMatch match, UnaryOperator<Campaign> change) {
    for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
      var before = get(slug, true);
      if (!match.accepts(before.version())) {
        throw new CampaignProblem(Kind.VERSION_STALE, slug);
      }
      var after = change.apply(before);
      if (after.equals(before)) {
        return before;
      }
      // The update waits for whoever changes the same row, after which another read sees theirs.
      if (store.update(after)) {
        return told(after);
      }
    }
    throw new CampaignProblem(Kind.VERSION_STALE, slug);
  }

  private Campaign told(Campaign campaign) {
    events.publishEvent(CampaignChanged.of(campaign, trace.currentHeader().orElse(null)));
    return campaign;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
