package dev.backline.redirector.link;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long a redirector believes what it once read. A change is normally seen within a second
 * (be-api tells); the times below bound how late it is seen when that news is lost.
 *
 * @param fresh how long this process answers from memory, for known and for unknown codes. 10 s:
 *     short enough that a link disabled for abuse is dead within seconds even without the news,
 *     long enough that a hot link costs one read per 10 s.
 * @param stale how old a remembered link may be that stands in while the store fails. 1 h: longer
 *     than nearly every outage of DynamoDB in one region.
 * @param maxSize how much memory remembered links may take, estimated. 64 MB holds about 300,000
 *     links of usual length in the 512 MB of a small task.
 * @param maxUnknown how many unknown codes are remembered, apart from the links, so that guessed
 *     codes push none of them out. 50,000 take about 5 MB.
 * @param sharedTtl how long Redis keeps a link, give or take a tenth so that links read together do
 *     not lapse together. 5 min: the longest a change can go unseen when its news is lost while
 *     Redis is in order.
 * @param sharedUnknownTtl how long Redis keeps the fact that a code is unknown. 30 s, since a code
 *     that is asked for again and again is often one that is about to be created.
 * @param guard how long after a change Redis refuses to learn about that link. 10 s is longer than
 *     a reader can take between asking the store and telling Redis.
 * @param storeTimeout how long one read of the store may take, retries included. 2 s: room for one
 *     attempt that hangs (1 s, libs/dynamodb-retry) and one that answers; most take under 10 ms.
 * @param sharedPause how long Redis is left alone after a failure, so that an outage doesn't cost
 *     every request a timeout. 1 s: the level is back a second after Redis is.
 */
@ConfigurationProperties("backline.redirector.cache")
public record LinkCacheProperties(
    @DefaultValue("10s") Duration fresh,
    @DefaultValue("1h") Duration stale,
    @DefaultValue("64MB") DataSize maxSize,
    @DefaultValue("50000") int maxUnknown,
    @DefaultValue("5m") Duration sharedTtl,
    @DefaultValue("30s") Duration sharedUnknownTtl,
    @DefaultValue("10s") Duration guard,
    @DefaultValue("2s") Duration storeTimeout,
    @DefaultValue("1s") Duration sharedPause) {

  public LinkCacheProperties {
    requirePositive("fresh", fresh);
    requirePositive("stale", stale);
    requirePositive("shared-ttl", sharedTtl);
    requirePositive("shared-unknown-ttl", sharedUnknownTtl);
    requirePositive("guard", guard);
    requirePositive("store-timeout", storeTimeout);
    if (guard.compareTo(storeTimeout.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "backline.redirector.cache.guard must be at least twice store-timeout, else a slow reader outlives it");
    }
    if (maxSize.toBytes() <= 0 || maxUnknown <= 0) {
      throw new IllegalArgumentException(
          "backline.redirector.cache.max-size and max-unknown must be positive");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("backline.redirector.cache." + name + " must be positive");
    }
  }
}
