package dev.backline.beapi.link.bulk;

import dev.backline.beapi.link.Links.Created;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a line: a link or a problem.
 *
 * @param line its number in the file
 */
public record LineResult(long line, @Nullable Created created, @Nullable RuntimeException problem) {

  /** Takes results in the order of the lines. */
  @FunctionalInterface
  public interface Sink {
    void accept(LineResult result) throws IOException;
  }
}
