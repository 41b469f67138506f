package dev.backline.localcloud;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteLibraryLoader;

/**
 * DynamoDB Local as an HTTP handler. Its own server is not used: it listens on all addresses and
 * sends telemetry, the handler does neither.
 */
final class DynamoDb implements AutoCloseable {

  private static final String DATABASE = "shared-local-instance.db";

  /**
   * Tells of every file that it opens; held here, since a logger without a holder forgets its
   * level.
   */
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  private final LocalDynamoDBRequestHandler requests;
  private final Handler handler;

  private DynamoDb(LocalDynamoDBRequestHandler requests, Handler handler) {
    this.requests = requests;
    this.handler = handler;
  }

  static DynamoDb start(@Nullable Path data) {
    SQLITE.setLevel(Level.WARNING);
    try {
      if (data != null) {
        Files.createDirectories(data);
        refuseDamage(data.resolve(DATABASE));
      }
      var requests =
          new LocalDynamoDBRequestHandler(
              0, data == null, data == null ? null : data.toString(), true, false);
      var context = new ContextHandler("/");
      context.setHandler(new LocalDynamoDBServerHandler(requests, null));
      return new DynamoDb(requests, context);
    } catch (IOException e) {
      throw new StartupException("DynamoDB cannot use " + data + ": " + e.getMessage(), e);
    }
  }

  Handler handler() {
    return handler;
  }

  @Override
  public void close() {
    requests.shutdown();
  }

  /** DynamoDB Local would start, and answer 500 to whatever needs a damaged page. */
  private static void refuseDamage(Path database) throws IOException {
    if (!Files.exists(database) || Files.size(database) == 0) {
      return;
    }
    try {
      SQLiteLibraryLoader.initialize();
    } catch (Exception e) {
      throw new StartupException("DynamoDB's SQLite cannot be loaded: " + e.getMessage(), e);
    }
    var connection = new SQLiteConnection(database.toFile());
    try {
      // Not read-only: what a killed cloud left half-written is rolled back now.
      connection.open(false);
      var check = connection.prepare("pragma quick_check(1)");
      if (check.step() && check.columnString(0).equals("ok")) {
        return;
      }
      throw damaged(database, null);
    } catch (SQLiteException e) {
      throw damaged(database, e);
    } finally {
      connection.dispose();
    }
  }

  private static StartupException damaged(Path database, @Nullable SQLiteException cause) {
    var message =
        "DynamoDB cannot read "
            + database
            + (cause == null ? "" : " (" + cause.getMessage() + ")")
            + ": it is damaged. Move it away or start without DATA.";
    return cause == null ? new StartupException(message) : new StartupException(message, cause);
  }
}
