package dev.backline.beapi.link;

import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.Page;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where links are kept. Reads of one link see every finished write. */
public interface LinkStore {

  Optional<Link> find(LinkCode code);

  /**
   * Stores a new link; when the code is taken nothing is written and the link that has it is
   * returned.
   */
  Optional<Link> putIfAbsent(Link link);

  /**
   * Overwrites a link that still has the version before {@code changed}'s; else false. True as well
   * when an earlier, unanswered try of the same write had succeeded.
   */
  boolean replace(Link changed);

  /**
   * The links of an owner that are not deleted, newest first. A moment may pass until a new link
   * appears.
   */
  Page<Link> listByOwner(String owner, @Nullable Cursor after, int limit);
}
