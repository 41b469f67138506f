package dev.backline.beapi.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows and where the next ones begin.
 *
 * @param next null on the last page
 */
public record Page<T>(List<T> items, @Nullable Cursor next) {

  public Page {
    items = List.copyOf(items);
  }

  /** Refuses a page size outside of 1 to {@code max}. */
  public static int checkLimit(int limit, int max) {
    if (limit < 1 || limit > max) {
      throw new InvalidInput("limit", "must be between 1 and " + max);
    }
    return limit;
  }
}
