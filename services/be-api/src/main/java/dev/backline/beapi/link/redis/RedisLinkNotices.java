package dev.backline.beapi.link.redis;

import dev.backline.beapi.link.LinkCode;
import dev.backline.beapi.link.LinkNotices;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Publishes the code of every changed link to the redirectors. */
@Component
class RedisLinkNotices implements LinkNotices {

  static final String CHANNEL = "backline:links:changed";

  /** While Redis is away, one write a second waits for it; the others do not. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private static final Logger log = LoggerFactory.getLogger(RedisLinkNotices.class);

  private final StringRedisTemplate redis;
  private final Counter lost;
  private final AtomicLong pausedUntil = new AtomicLong(System.nanoTime());

  RedisLinkNotices(StringRedisTemplate redis, MeterRegistry meters) {
    this.redis = redis;
    this.lost =
        Counter.builder("links.notices.lost")
            .description(
                "Notices of changed links that did not reach Redis; caches are stale until their TTL")
            .register(meters);
  }

  @Override
  public void changed(LinkCode code) {
    if (System.nanoTime() - pausedUntil.get() < 0) {
      lost.increment();
      return;
    }
    try {
      redis.convertAndSend(CHANNEL, code.value());
    } catch (DataAccessException e) {
      pausedUntil.set(System.nanoTime() + PAUSE_NANOS);
      lost.increment();
      log.warn("Caches were not told that link {} has changed: {}", code, e.getMessage());
    }
  }
}
