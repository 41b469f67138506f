package dev.backline.redirector.redirect;

import dev.backline.redirector.click.Classifier;
import dev.backline.redirector.click.ClickBuffer;
import dev.backline.redirector.click.Visit;
import dev.backline.redirector.link.Link;
import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.link.LinkState;
import dev.backline.redirector.link.Links;
import dev.backline.redirector.link.LinksUnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells where a code leads, and notes who went there. */
public final class Redirects {

  private final Links links;
  private final Classifier classifier;
  private final ClickBuffer clicks;
  private final Clock clock;

  public Redirects(Links links, Classifier classifier, ClickBuffer clicks, Clock clock) {
    this.links = links;
    this.classifier = classifier;
    this.clicks = clicks;
    this.clock = clock;
  }

  /** Where the code leads at this moment, whatever was remembered of it. */
  public Destination find(LinkCode code) {
    Optional<Link> link;
    try {
      link = links.find(code);
    } catch (LinksUnavailableException e) {
      return Destination.Nowhere.UNAVAILABLE;
    }
    if (link.isEmpty()) {
      return Destination.Nowhere.UNKNOWN;
    }
    return link.get().stateAt(clock.instant()) == LinkState.ACTIVE
        ? new Destination.Target(link.get().targetUrl())
        : Destination.Nowhere.GONE;
  }

  /**
   * Notes that somebody followed a link. Never waits, never fails.
   *
   * @param traceHeader value for AWSTraceHeader when the visit is traced
   */
  public void followed(LinkCode code, Visit visit, @Nullable String traceHeader) {
    Instant now = clock.instant();
    clicks.add(classifier.click(now, code.value(), visit), traceHeader);
  }

  /** Where a code leads. */
  public sealed interface Destination {

    record Target(String url) implements Destination {}

    /** Why it leads nowhere. */
    enum Nowhere implements Destination {
      UNKNOWN,
      /** Expired, disabled or deleted; which of them is nobody's business. */
      GONE,
      /** It may lead somewhere, but the store doesn't answer. */
      UNAVAILABLE
    }
  }
}
