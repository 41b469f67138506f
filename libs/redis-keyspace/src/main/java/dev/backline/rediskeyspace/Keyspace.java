package dev.backline.rediskeyspace;

import java.util.ArrayList;
import java.util.List;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.ScanOptions;

/** SCAN and UNLINK of the keys that a glob matches, on a connection that the caller holds. */
final class Keyspace {

  private final int scanCount;
  private final int unlinkBatch;

  Keyspace(int scanCount, int unlinkBatch) {
    this.scanCount = positive("scan-count", scanCount);
    this.unlinkBatch = positive("unlink-batch", unlinkBatch);
  }

  KeyCursor scan(RedisConnection connection, byte[] pattern, Runnable release) {
    ScanOptions options = ScanOptions.scanOptions().match(pattern).count(scanCount).build();
    return new KeyCursor(connection.keyCommands().scan(options), release);
  }

  long unlink(RedisConnection connection, byte[] pattern) {
    long unlinked = 0;
    List<byte[]> batch = new ArrayList<>(unlinkBatch);
    try (KeyCursor keys = scan(connection, pattern, () -> {})) {
      while (keys.hasNext()) {
        batch.add(keys.next());
        if (batch.size() == unlinkBatch) {
          unlinked += unlink(connection, batch);
          batch.clear();
        }
      }
    }
    return batch.isEmpty() ? unlinked : unlinked + unlink(connection, batch);
  }

  private static long unlink(RedisConnection connection, List<byte[]> keys) {
    Long unlinked = connection.keyCommands().unlink(keys.toArray(byte[][]::new));
    return unlinked == null ? 0 : unlinked;
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be positive but is " + value);
    }
    return value;
  }
}
