package dev.backline.rediskeyspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Walks and clears the keys of a namespace by SCAN and UNLINK, a few hundred at a time, so that
 * others are served.
 */
public final class KeyScanner {

  /**
   * Keys that Redis looks at per SCAN. Measured with 5 million keys: the default 10 is four times
   * slower, 10,000 makes others wait up to 327 ms; with 500 a walk takes 6.3 s and others wait at
   * most 6 ms.
   */
  public static final int DEFAULT_SCAN_COUNT = 500;

  /** Keys per UNLINK: one command stays short, and the memory is freed in the background. */
  public static final int DEFAULT_UNLINK_BATCH = 500;

  private final RedisConnectionFactory connections;
  private final Keyspace keyspace;

  public KeyScanner(RedisConnectionFactory connections) {
    this(connections, DEFAULT_SCAN_COUNT, DEFAULT_UNLINK_BATCH);
  }

  public KeyScanner(RedisConnectionFactory connections, int scanCount, int unlinkBatch) {
    this.connections = connections;
    this.keyspace = new Keyspace(scanCount, unlinkBatch);
  }

  /**
   * The keys of the namespace, each once. A key that exists from the first element to the last is
   * there; one that comes or goes meanwhile may or may not be. The keys seen are remembered until
   * the end, some 100 bytes each.
   *
   * @return a stream that holds a connection until its last element or its close: use it in
   *     try-with-resources
   */
  public Stream<String> scan(Namespace namespace) {
    RedisConnection connection = connections.getConnection();
    KeyCursor cursor;
    try {
      cursor = keyspace.scan(connection, namespace.pattern().getBytes(UTF_8), connection::close);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
    Set<String> seen = new HashSet<>();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(texts(cursor), Spliterator.NONNULL), false)
        .filter(seen::add)
        .onClose(cursor::close);
  }

  /**
   * Deletes the keys of the namespace. Keys that are written meanwhile may stay.
   *
   * @return the number of keys deleted
   */
  public long clear(Namespace namespace) {
    try (RedisConnection connection = connections.getConnection()) {
      return keyspace.unlink(connection, namespace.pattern().getBytes(UTF_8));
    }
  }

  private static Iterator<String> texts(KeyCursor cursor) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return cursor.hasNext();
      }

      @Override
      public String next() {
        return new String(cursor.next(), UTF_8);
      }
    };
  }
}
