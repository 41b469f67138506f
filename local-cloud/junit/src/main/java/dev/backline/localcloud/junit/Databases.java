package dev.backline.localcloud.junit;

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

  static String create(Connection connection, String name) {
    var url = connection.jdbcUrl();
    if (url == null) {
      throw new IllegalStateException(
          "This cloud has no PostgreSQL; with -Dcloud=external set JDBC_URL");
    }
    var login = new Properties();
    if (connection.jdbcUser() != null) {
      login.setProperty("user", connection.jdbcUser());
    }
    if (connection.jdbcPassword() != null) {
      login.setProperty("password", connection.jdbcPassword());
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
