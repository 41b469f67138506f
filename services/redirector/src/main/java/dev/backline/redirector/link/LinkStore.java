package dev.backline.redirector.link;

import java.util.Optional;

/** Where links are kept for good. */
public interface LinkStore {

  /**
   * Reads one link.
   *
   * @param afterChange true when the link is known to have changed a moment ago: the answer must
   *     then not be older
   * @return empty when no link has this code
   * @throws LinksUnavailableException when the store doesn't answer in time
   */
  Optional<Link> find(LinkCode code, boolean afterChange);
}
