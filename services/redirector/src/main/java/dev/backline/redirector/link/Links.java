package dev.backline.redirector.link;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.backline.redirector.link.SharedLinks.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds links: in this process, then in the level that all redirectors share, then in the store.
 * One reader per code goes further than this process; those who ask meanwhile wait for its answer.
 *
 * <p>A change is announced by {@link #changed}. From then on nothing that was read before it is
 * remembered: each read notes the epoch of its code before it asks, and its answer is kept only if
 * the epoch is still the same.
 */
public final class Links {

  private static final int STRIPES = 1 << 12;

  /** How long a failing store is left alone per code while a stale link stands in. */
  private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

  /**
   * Unknown codes are remembered longer than they are believed, to notice which ones are asked for
   * again.
   */
  private static final Duration UNKNOWN_REMEMBERED = Duration.ofMinutes(1);

  private final SharedLinks shared;
  private final LinkStore store;
  private final Ticker ticker;
  private final long fresh;
  private final long stale;
  private final Cache<String, Known> known;
  private final Cache<String, Long> unknown;
  private final ConcurrentMap<String, CompletableFuture<Optional<Link>>> reads =
      new ConcurrentHashMap<>();
  private final AtomicLongArray epochs = new AtomicLongArray(STRIPES);

  private final Counter fromProcess;
  private final Counter fromShared;
  private final Counter fromStore;
  private final Counter fromAnotherRead;
  private final Counter fromStale;
  private final Counter failed;
  private final Counter changes;

  public Links(
      SharedLinks shared,
      LinkStore store,
      LinkCacheProperties properties,
      Ticker ticker,
      MeterRegistry meters) {
    this.shared = shared;
    this.store = store;
    this.ticker = ticker;
    this.fresh = properties.fresh().toNanos();
    this.stale = properties.stale().toNanos();
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(properties.maxSize().toBytes())
            .weigher((String code, Known entry) -> entry.weight())
            .expireAfterWrite(properties.stale())
            .ticker(ticker)
            .build();
    this.unknown =
        Caffeine.newBuilder()
            .maximumSize(properties.maxUnknown())
            .expireAfterWrite(max(UNKNOWN_REMEMBERED, properties.fresh()))
            .ticker(ticker)
            .build();
    this.fromProcess = lookups(meters, "process");
    this.fromShared = lookups(meters, "redis");
    this.fromStore = lookups(meters, "store");
    this.fromAnotherRead = lookups(meters, "joined");
    this.fromStale = lookups(meters, "stale");
    this.failed = lookups(meters, "none");
    this.changes =
        Counter.builder("redirector.link.changes")
            .description("Changed links that be-api told about")
            .register(meters);
    Gauge.builder("redirector.links.remembered", known, Cache::estimatedSize)
        .description("Links in this process's memory")
        .register(meters);
  }

  private static Counter lookups(MeterRegistry meters, String source) {
    return Counter.builder("redirector.lookups")
        .description("Looked-up codes by where the answer came from")
        .tag("source", source)
        .register(meters);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /**
   * Finds a link, expired and deleted ones included.
   *
   * @return empty when no link has this code
   * @throws LinksUnavailableException when the store fails and nothing remembered may stand in
   */
  public Optional<Link> find(LinkCode code) {
    long now = ticker.read();
    Known entry = known.getIfPresent(code.value());
    if (entry != null) {
      if (entry.degraded() && entry.usableAt(now, stale)) {
        if (now - entry.believedUntil() >= 0) {
          refreshInBackground(code);
        }
        fromStale.increment();
        return entry.found();
      }
      if (now - entry.believedUntil() < 0) {
        fromProcess.increment();
        return entry.found();
      }
    } else if (isKnownUnknown(code, now)) {
      fromProcess.increment();
      return Optional.empty();
    }
    return read(code);
  }

  /** Forgets what is known of a link, here and in the shared level. */
  public void changed(LinkCode code) {
    changes.increment();
    forget(code);
    // The guard must stand before this process asks again, else it could learn the old state from
    // the shared level
    // under the new epoch; hence forget once more after it.
    shared.guard(code);
    forget(code);
  }

  private void forget(LinkCode code) {
    epochs.incrementAndGet(stripe(code));
    reads.remove(code.value());
    known.invalidate(code.value());
    unknown.invalidate(code.value());
  }

  private Optional<Link> read(LinkCode code) {
    CompletableFuture<Optional<Link>> own = new CompletableFuture<>();
    CompletableFuture<Optional<Link>> other = reads.putIfAbsent(code.value(), own);
    if (other != null) {
      fromAnotherRead.increment();
      return await(other);
    }
    try {
      Optional<Link> link = readUnlessJustRead(code);
      own.complete(link);
      return link;
    } catch (RuntimeException | Error e) {
      own.completeExceptionally(e);
      throw e;
    } finally {
      reads.remove(code.value(), own);
    }
  }

  private static Optional<Link> await(CompletableFuture<Optional<Link>> other) {
    try {
      return other.join();
    } catch (CompletionException e) {
      throw new LinksUnavailableException("the read that was joined failed", e.getCause());
    }
  }

  private Optional<Link> readUnlessJustRead(LinkCode code) {
    long now = ticker.read();
    Known entry = known.getIfPresent(code.value());
    if (entry != null && now - entry.believedUntil() < 0) {
      fromProcess.increment();
      return entry.found();
    }
    if (entry == null && isKnownUnknown(code, now)) {
      fromProcess.increment();
      return Optional.empty();
    }
    return readThrough(code);
  }

  private boolean isKnownUnknown(LinkCode code, long now) {
    Long learned = unknown.getIfPresent(code.value());
    return learned != null && now - learned < fresh;
  }

  private Optional<Link> readThrough(LinkCode code) {
    long epoch = epochs.get(stripe(code));
    return switch (shared.find(code)) {
      case Answer.Found(Link link) -> {
        fromShared.increment();
        learn(link, epoch);
        yield Optional.of(link);
      }
      case Answer.Without.UNKNOWN -> {
        fromShared.increment();
        learnUnknown(code, epoch);
        yield Optional.empty();
      }
      case Answer.Without.MISS -> readStore(code, epoch, false, true);
      case Answer.Without.GUARDED -> readStore(code, epoch, true, false);
      case Answer.Without.FAILED -> readStore(code, epoch, false, false);
    };
  }

  private Optional<Link> readStore(
      LinkCode code, long epoch, boolean afterChange, boolean tellShared) {
    Optional<Link> found;
    try {
      found = store.find(code, afterChange);
    } catch (LinksUnavailableException e) {
      return standIn(code, e);
    }
    fromStore.increment();
    if (found.isPresent()) {
      learn(found.get(), epoch);
      if (tellShared) {
        shared.remember(found.get());
      }
    } else if (learnUnknown(code, epoch) && tellShared) {
      shared.rememberUnknown(code);
    }
    return found;
  }

  private Optional<Link> standIn(LinkCode code, LinksUnavailableException failure) {
    long now = ticker.read();
    Known entry = known.getIfPresent(code.value());
    if (entry == null || !entry.usableAt(now, stale)) {
      failed.increment();
      throw failure;
    }
    // Replaces this very entry only: one that a change has removed meanwhile must stay removed.
    known.asMap().replace(code.value(), entry, entry.degradedUntil(now + STORE_PAUSE.toNanos()));
    fromStale.increment();
    return entry.found();
  }

  private void refreshInBackground(LinkCode code) {
    if (reads.containsKey(code.value())) {
      return;
    }
    Thread.ofVirtual()
        .name("refresh-link")
        .start(
            () -> {
              try {
                read(code);
              } catch (LinksUnavailableException e) {
                // Counted; the next request tries again.
              }
            });
  }

  private void learn(Link link, long epoch) {
    String code = link.code().value();
    long now = ticker.read();
    Known entry = new Known(link, Optional.of(link), now, now + fresh, false);
    int stripe = stripe(link.code());
    // Atomic with the removal in forget(): either it sees the new epoch, or the removal comes after
    // it.
    known.asMap().compute(code, (_, _) -> epochs.get(stripe) == epoch ? entry : null);
    unknown.invalidate(code);
  }

  /**
   * Returns whether the code was asked for before: only then is it worth room in the shared level.
   */
  private boolean learnUnknown(LinkCode code, long epoch) {
    int stripe = stripe(code);
    long now = ticker.read();
    boolean again = unknown.getIfPresent(code.value()) != null;
    unknown.asMap().compute(code.value(), (_, _) -> epochs.get(stripe) == epoch ? now : null);
    known.invalidate(code.value());
    return again;
  }

  private static int stripe(LinkCode code) {
    int hash = code.value().hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  /**
   * @param found the link once more, so that a hit allocates nothing
   * @param degraded true while it stands in for a store that fails
   */
  private record Known(
      Link link, Optional<Link> found, long readAt, long believedUntil, boolean degraded) {

    Known degradedUntil(long until) {
      return new Known(link, found, readAt, until, true);
    }

    boolean usableAt(long now, long stale) {
      return now - readAt < stale;
    }

    /** Bytes, estimated: objects and map entry, then the two strings. */
    int weight() {
      return 200 + link.code().value().length() * 2 + link.targetUrl().length();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
