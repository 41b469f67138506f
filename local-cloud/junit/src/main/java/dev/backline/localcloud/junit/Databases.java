package dev.backline.localcloud.junit;

import dev.backline.localcloud.junit.Connection.PostgresServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** PostgreSQL databases, one per test class. */
final class Databases {

  private Databases() {}

  /** False in modules that do not use PostgreSQL. */
  static boolean driverIsThere() {
    try {
      Class.forName("org.postgresql.Driver", false, Databases.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static String create(PostgresServer server, String name) {
    var url = server.jdbcUrl();
    var login = new Properties();
    if (!server.user().isEmpty()) {
      login.setProperty("user", server.user());
      login.setProperty("password", server.password());
    }
    try (var session = DriverManager.getConnection(url, login);
        var statement = session.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("No database can be created at " + url, e);
    }
    return url.replaceFirst("/[^/?]*(\\?|$)", "/" + name + "$1");
  }
}
