package dev.backline.eventworker.clicks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * The updates that are written, together with their processed marker, in one transaction.
 *
 * @param number 0, 1, … in the order of the batch's updates
 * @param digest of all updates of the batch: tells another delivery from another batch under the
 *     same id
 */
public record Chunk(UUID batch, int number, List<StatsUpdate> updates, String digest) {

  /** DynamoDB takes 100 items in one transaction, and the marker is one. */
  static final int MOST_UPDATES = 99;

  public Chunk {
    updates = List.copyOf(updates);
  }

  static List<Chunk> of(ClickBatch batch) {
    List<StatsUpdate> updates = Tally.of(batch);
    String digest = digest(updates);
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < updates.size(); from += MOST_UPDATES) {
      int to = Math.min(from + MOST_UPDATES, updates.size());
      chunks.add(new Chunk(batch.id(), chunks.size(), updates.subList(from, to), digest));
    }
    return chunks;
  }

  /**
   * Clicks that this chunk counts; each click counts in exactly one hour item, so chunks add up to
   * their batch.
   */
  long clicks() {
    long clicks = 0;
    for (StatsUpdate update : updates) {
      if (!update.bucket().contains("#")) {
        for (Click.Kind kind : Click.Kind.values()) {
          clicks += update.increments().getOrDefault(kind.text(), 0L);
        }
      }
    }
    return clicks;
  }

  /** No field holds a line feed, so that different updates have different texts. */
  private static String digest(List<StatsUpdate> updates) {
    StringBuilder text = new StringBuilder();
    for (StatsUpdate update : updates) {
      text.append(update.code()).append('\n').append(update.bucket()).append('\n');
      update
          .increments()
          .forEach((name, number) -> text.append(name).append('=').append(number).append('\n'));
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
