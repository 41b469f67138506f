package dev.backline.redirector.link.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.backline.redirector.link.Link;
import dev.backline.redirector.link.LinkCacheProperties;
import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.link.SharedLinks;
import dev.backline.rediskeyspace.Namespace;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Links in Redis, one string per code: the link as JSON, {@code -} for a code that no link has,
 * {@code !} for one that changed a moment ago. Values are written only where there is none (NX), so
 * the guard of a change keeps out whatever a slow reader still brings.
 */
final class RedisSharedLinks implements SharedLinks {

  private static final Logger log = LoggerFactory.getLogger(RedisSharedLinks.class);

  static final Namespace NAMESPACE = Namespace.of("redirector", "v1", "link");

  private static final String UNKNOWN = "-";
  private static final String GUARD = "!";

  private final StringRedisTemplate redis;
  private final JsonMapper json;
  private final LinkCacheProperties properties;
  private final Ticker ticker;
  private final Counter failures;
  private final Counter skipped;

  private volatile boolean paused;
  private volatile long pausedUntil;

  RedisSharedLinks(
      StringRedisTemplate redis,
      JsonMapper json,
      LinkCacheProperties properties,
      Ticker ticker,
      MeterRegistry meters) {
    this.redis = redis;
    this.json = json;
    this.properties = properties;
    this.ticker = ticker;
    this.failures =
        Counter.builder("redirector.redis.failures")
            .description("Redis commands that failed; the redirect went on without")
            .register(meters);
    this.skipped =
        Counter.builder("redirector.redis.skipped")
            .description("Redis commands left out in the pause after a failure")
            .register(meters);
  }

  @Override
  public Answer find(LinkCode code) {
    if (isPaused()) {
      return Answer.Without.FAILED;
    }
    String value;
    try {
      value = redis.opsForValue().get(NAMESPACE.key(code.value()));
    } catch (DataAccessException e) {
      failed(e);
      return Answer.Without.FAILED;
    }
    worked();
    return value == null ? Answer.Without.MISS : answer(code, value);
  }

  private Answer answer(LinkCode code, String value) {
    return switch (value) {
      case UNKNOWN -> Answer.Without.UNKNOWN;
      case GUARD -> Answer.Without.GUARDED;
      default -> {
        try {
          yield new Answer.Found(json.readValue(value, StoredLink.class).link(code));
        } catch (JacksonException | IllegalArgumentException e) {
          log.warn("the Redis value of link {} is not ours, it is left to expire", code);
          yield Answer.Without.FAILED;
        }
      }
    };
  }

  @Override
  public void remember(Link link) {
    put(
        link.code(),
        json.writeValueAsString(StoredLink.of(link)),
        jittered(properties.sharedTtl()));
  }

  @Override
  public void rememberUnknown(LinkCode code) {
    put(code, UNKNOWN, jittered(properties.sharedUnknownTtl()));
  }

  private void put(LinkCode code, String value, Duration ttl) {
    if (isPaused()) {
      return;
    }
    try {
      redis.opsForValue().setIfAbsent(NAMESPACE.key(code.value()), value, ttl);
    } catch (DataAccessException e) {
      failed(e);
    }
  }

  /** Tried in a pause too: the news has just come through Redis. */
  @Override
  public void guard(LinkCode code) {
    try {
      redis.opsForValue().set(NAMESPACE.key(code.value()), GUARD, properties.guard());
    } catch (DataAccessException e) {
      failed(e);
    }
  }

  private boolean isPaused() {
    if (paused && ticker.read() - pausedUntil < 0) {
      skipped.increment();
      return true;
    }
    return false;
  }

  private void failed(DataAccessException e) {
    failures.increment();
    pausedUntil = ticker.read() + properties.sharedPause().toNanos();
    if (!paused) {
      log.warn("Redis fails, redirects go on without: {}", e.toString());
    }
    paused = true;
  }

  private void worked() {
    if (paused) {
      paused = false;
      log.info("Redis works again");
    }
  }

  private static Duration jittered(Duration ttl) {
    return Duration.ofMillis(
        Math.round(ttl.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
  }

  private record StoredLink(
      String targetUrl, @Nullable Instant expiresAt, boolean disabled, boolean deleted) {

    static StoredLink of(Link link) {
      return new StoredLink(link.targetUrl(), link.expiresAt(), link.disabled(), link.deleted());
    }

    Link link(LinkCode code) {
      return new Link(code, targetUrl, expiresAt, disabled, deleted);
    }
  }
}
