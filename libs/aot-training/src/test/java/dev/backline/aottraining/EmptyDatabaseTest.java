package dev.backline.aottraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's own driver makes of it. */
class EmptyDatabaseTest {

  private EmptyDatabase database;
  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    database = EmptyDatabase.start();
    connection = DriverManager.getConnection(database.url(), "training", "training");
  }

  @AfterEach
  void close() throws SQLException, IOException {
    connection.close();
    database.close();
  }

  @Test
  void theDriverTakesItForPostgreSql() throws SQLException {
    assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
    assertThat(connection.isValid(5)).isTrue();
  }

  @Test
  void aQueryFindsNothingHoweverOftenItIsPrepared() throws SQLException {
    for (int i = 0; i < 10; i++) {
      try (var query = connection.prepareStatement("select title from campaign where slug = ?")) {
        query.setString(1, "spring-tour");
        try (var rows = query.executeQuery()) {
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void aCommandChangesNothingAlsoInATransaction() throws SQLException {
    connection.setAutoCommit(false);
    try (var command = connection.prepareStatement("update campaign set title = ?")) {
      command.setString(1, "봄 투어");
      assertThat(command.executeUpdate()).isZero();
    }
    connection.commit();
    connection.rollback();
  }

  @Test
  void aClientThatPrefersTlsGoesOnWithout() throws SQLException {
    try (var preferring =
        DriverManager.getConnection(database.url() + "?sslmode=prefer", "training", "training")) {
      assertThat(preferring.isValid(5)).isTrue();
    }
  }
}
