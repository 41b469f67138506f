package dev.backline.beapi.link.bulk;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.link.NewLink;
import java.io.IOException;

/** How a file writes links. */
interface LinkFormat {

  /** Takes what stands before the first link. Refuses a file that cannot be of this format. */
  default void begin(LineReader lines) throws IOException {}

  /**
   * Reads one line.
   *
   * @throws InvalidInput when the line does not hold a link
   */
  NewLink parse(String line);
}
