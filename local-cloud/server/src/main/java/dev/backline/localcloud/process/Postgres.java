package dev.backline.localcloud.process;

import com.sun.security.auth.module.UnixSystem;
import dev.backline.localcloud.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL server on 127.0.0.1. */
public final class Postgres {

  public static final String USER = "backline";
  public static final String PASSWORD = "backline";
  public static final String DATABASE = "backline";

  private static final String VERSION = "18.6.0";

  private Postgres() {}

  /**
   * Starts PostgreSQL, with a new cluster where there is none, and waits until it answers.
   *
   * @param work for its output, and for its data when {@code data} is null
   * @param data keeps the data there
   */
  public static Server start(int port, Path work, @Nullable Path data) {
    var cluster = (data == null ? work.resolve("postgres") : data).toAbsolutePath();
    var keep = data != null;
    var bin = Binaries.postgres(VERSION).resolve("bin");
    var user = asOrdinaryUser();
    if (!Files.exists(cluster.resolve("PG_VERSION"))) {
      initialize(user, bin, cluster, work);
    }
    var command = new ArrayList<>(user);
    command.addAll(
        List.of(
            bin.resolve("postgres").toString(),
            "-D",
            cluster.toString(),
            "-p",
            String.valueOf(port)));
    settings(keep).forEach(setting -> command.addAll(List.of("-c", setting)));
    return Server.start(() -> launch(port, command, work, cluster, keep));
  }

  private static ChildProcess launch(
      int port, List<String> command, Path work, Path cluster, boolean keep) {
    // INT is PostgreSQL's fast shutdown; TERM would wait for every client to leave.
    var process = ChildProcess.start("PostgreSQL", "INT", work.resolve("postgres.log"), command);
    try {
      Patience.await(() -> answers(port), process::isAlive);
      createDatabase(port);
      return process;
    } catch (Patience.ExhaustedException e) {
      process.close();
      throw process.failed(
          " on port "
              + port
              + (keep
                  ? "; if " + cluster + " is damaged, move it away or start without DATA"
                  : ""));
    } catch (SQLException e) {
      process.close();
      throw new StartupException(
          "PostgreSQL cannot create its database in "
              + cluster
              + ": "
              + e.getMessage()
              + (keep ? "\n  Move the directory away or start without DATA." : ""),
          e);
    }
  }

  private static List<String> settings(boolean keep) {
    var settings =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=32MB",
                "max_wal_size=256MB",
                "timezone=UTC",
                "jit=off"));
    if (!keep) {
      settings.addAll(List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off"));
    }
    return settings;
  }

  /** PostgreSQL refuses to run as root; in a user namespace of its own it is nobody. */
  private static List<String> asOrdinaryUser() {
    if (new UnixSystem().getUid() != 0) {
      return List.of();
    }
    var command = List.of("unshare", "--user");
    try {
      var probe = new ArrayList<>(command);
      probe.add("true");
      var process =
          new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return command;
      }
    } catch (IOException e) {
      throw rootRefused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw rootRefused(null);
  }

  private static StartupException rootRefused(@Nullable Exception cause) {
    var message =
        "PostgreSQL does not run as root, and this system does not let root start it in a user namespace"
            + " (unshare --user). Start the local cloud as an ordinary user.";
    return cause == null ? new StartupException(message) : new StartupException(message, cause);
  }

  private static void initialize(List<String> user, Path bin, Path cluster, Path work) {
    var command = new ArrayList<>(user);
    command.addAll(
        List.of(
            bin.resolve("initdb").toString(),
            "--pgdata=" + cluster,
            "--username=" + USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            "--no-sync"));
    try {
      Files.createDirectories(cluster.getParent());
      var initdb =
          ChildProcess.start("PostgreSQL (initdb)", "INT", work.resolve("initdb.log"), command);
      if (!initdb.succeeds()) {
        throw initdb.failed(
            " in " + cluster + "; if the directory is damaged, move it away or start without DATA");
      }
    } catch (IOException e) {
      throw new StartupException("PostgreSQL cannot create " + cluster + ": " + e.getMessage(), e);
    }
  }

  private static void createDatabase(int port) throws SQLException {
    try (var connection = DriverManager.getConnection(url(port, "postgres"), USER, PASSWORD);
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "select 1 from pg_database where datname = '" + DATABASE + "'")) {
      if (!found.next()) {
        try (var create = connection.createStatement()) {
          create.execute("create database " + DATABASE);
        }
      }
    }
  }

  private static boolean answers(int port) {
    try (var connection = DriverManager.getConnection(url(port, "postgres"), USER, PASSWORD)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The JDBC URL of the suite's database. */
  public static String url(int port) {
    return url(port, DATABASE);
  }

  private static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }
}
