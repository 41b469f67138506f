package dev.backline.rediskeyspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.UnaryOperator;
import org.springframework.data.redis.cache.BatchStrategy;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * Clears a Spring cache by SCAN and UNLINK. Spring Data's own strategies send KEYS, or leave the
 * cursor open and send DEL; and they take the cache's prefix for a glob, so that clearing {@code
 * a[b]} or {@code user?} clears others' keys.
 */
final class CacheClearing implements BatchStrategy {

  private final Keyspace keyspace;
  private final UnaryOperator<String> prefixes;

  CacheClearing(Keyspace keyspace, UnaryOperator<String> prefixes) {
    this.keyspace = keyspace;
    this.prefixes = prefixes;
  }

  @Override
  public long cleanCache(RedisConnection connection, String name, byte[] pattern) {
    return keyspace.unlink(connection, escapePrefix(prefixes.apply(name), pattern));
  }

  /**
   * Only the prefix is escaped: what follows may be a glob that someone gave to {@code
   * RedisCache.clear(pattern)}.
   */
  static byte[] escapePrefix(String prefix, byte[] pattern) {
    String text = new String(pattern, UTF_8);
    return text.startsWith(prefix)
        ? (Namespace.escape(prefix) + text.substring(prefix.length())).getBytes(UTF_8)
        : pattern;
  }
}
