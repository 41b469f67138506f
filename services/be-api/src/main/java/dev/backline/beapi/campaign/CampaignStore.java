package dev.backline.beapi.campaign;

import dev.backline.beapi.input.Cursor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where campaigns are kept. Joins the transaction of the caller. */
public interface CampaignStore {

  /** Stores a new campaign; false when the slug is taken. */
  boolean insert(Campaign campaign);

  Optional<Campaign> find(Slug slug);

  /** Overwrites the campaign if it still has the version before {@code changed}'s; else false. */
  boolean update(Campaign changed);

  /**
   * Campaigns, newest first.
   *
   * @param city only those of this city; null for all
   * @param drafts whether drafts are listed
   * @param after the place behind the last row of the page before
   */
  List<Campaign> list(@Nullable String city, boolean drafts, @Nullable Cursor after, int limit);
}
