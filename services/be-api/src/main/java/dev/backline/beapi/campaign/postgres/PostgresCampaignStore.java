package dev.backline.beapi.campaign.postgres;

import dev.backline.beapi.campaign.Campaign;
import dev.backline.beapi.campaign.CampaignDetails;
import dev.backline.beapi.campaign.CampaignStatus;
import dev.backline.beapi.campaign.CampaignStore;
import dev.backline.beapi.campaign.Slug;
import dev.backline.beapi.input.Cursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

@Repository
class PostgresCampaignStore implements CampaignStore {

  private static final String INSERT =
      """
      INSERT INTO campaign (slug, status, version, title, description, artist, city, image_key, opens_at, closes_at,
        created_at, updated_at)
      VALUES (:slug, :status, :version, :title, :description, :artist, :city, :imageKey, :opensAt, :closesAt,
        :createdAt, :updatedAt)
      ON CONFLICT (slug) DO NOTHING
      """;

  private static final String UPDATE =
      """
      UPDATE campaign
      SET status = :status, version = :version, title = :title, description = :description, artist = :artist,
        city = :city, image_key = :imageKey, opens_at = :opensAt, closes_at = :closesAt, updated_at = :updatedAt
      WHERE slug = :slug AND version = :version - 1
      """;

  private final JdbcClient jdbc;

  PostgresCampaignStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public boolean insert(Campaign campaign) {
    return bind(jdbc.sql(INSERT), campaign).param("createdAt", utc(campaign.createdAt())).update()
        == 1;
  }

  @Override
  public Optional<Campaign> find(Slug slug) {
    return jdbc.sql("SELECT * FROM campaign WHERE slug = :slug")
        .param("slug", slug.value())
        .query(PostgresCampaignStore::campaign)
        .optional();
  }

  @Override
  public boolean update(Campaign changed) {
    return bind(jdbc.sql(UPDATE), changed).update() == 1;
  }

  @Override
  public List<Campaign> list(
      @Nullable String city, boolean drafts, @Nullable Cursor after, int limit) {
    var sql = new StringBuilder("SELECT * FROM campaign WHERE true");
    sql.append(city == null ? "" : " AND city = :city");
    sql.append(drafts ? "" : " AND status <> 'DRAFT'");
    sql.append(after == null ? "" : " AND (created_at, slug) < (:createdAt, :slug)");
    sql.append(" ORDER BY created_at DESC, slug DESC LIMIT :limit");
    var query = jdbc.sql(sql.toString()).param("limit", limit);
    if (city != null) {
      query = query.param("city", city);
    }
    if (after != null) {
      query = query.param("createdAt", utc(after.createdAt())).param("slug", after.id());
    }
    return query.query(PostgresCampaignStore::campaign).list();
  }

  private static StatementSpec bind(StatementSpec statement, Campaign campaign) {
    var details = campaign.details();
    return statement
        .param("slug", campaign.slug().value())
        .param("status", campaign.status().name())
        .param("version", campaign.version())
        .param("title", details.title())
        .param("description", details.description())
        .param("artist", details.artist())
        .param("city", details.city())
        .param("imageKey", details.imageKey())
        .param("opensAt", utc(details.opensAt()))
        .param("closesAt", utc(details.closesAt()))
        .param("updatedAt", utc(campaign.updatedAt()));
  }

  private static Campaign campaign(ResultSet row, int number) throws SQLException {
    var details =
        new CampaignDetails(
            row.getString("title"),
            row.getString("description"),
            row.getString("artist"),
            row.getString("city"),
            row.getString("image_key"),
            instant(row, "opens_at"),
            instant(row, "closes_at"));
    return new Campaign(
        new Slug(row.getString("slug")),
        CampaignStatus.valueOf(row.getString("status")),
        row.getLong("version"),
        details,
        Objects.requireNonNull(instant(row, "created_at")),
        Objects.requireNonNull(instant(row, "updated_at")));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
