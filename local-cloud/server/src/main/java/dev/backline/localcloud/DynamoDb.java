package dev.backline.localcloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local as an HTTP handler. Its own server is not used: it listens on all addresses and
 * sends telemetry, the handler does neither.
 */
final class DynamoDb implements AutoCloseable {

  private static final String DATABASE = "shared-local-instance.db";
  private static final byte[] SQLITE_MAGIC =
      "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

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

  private static void refuseDamage(Path database) throws IOException {
    if (!Files.exists(database) || Files.size(database) == 0) {
      return;
    }
    try (var in = Files.newInputStream(database)) {
      if (!Arrays.equals(in.readNBytes(SQLITE_MAGIC.length), SQLITE_MAGIC)) {
        throw new StartupException(
            "DynamoDB cannot read "
                + database
                + ": it is damaged. Move it away or start without DATA.");
      }
    }
  }
}
