package dev.backline.localcloud;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * S3Proxy on a port of its own; the front hands requests on to it. It starts with the first of
 * them: most tests have none, and its start costs as much processor time as DynamoDB's. Objects are
 * in memory, or files in a data directory with their metadata as extended attributes.
 */
final class S3 implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(S3.class);
  private static final long STOP_MILLIS = 1_000;

  private final @Nullable Path data;
  private volatile List<String> buckets = List.of();
  private @Nullable S3Proxy proxy;

  private S3(@Nullable Path data) {
    this.data = data;
  }

  static S3 in(@Nullable Path data) {
    if (data != null) {
      try {
        Files.createDirectories(data);
      } catch (IOException e) {
        throw new StartupException("S3 cannot use " + data + ": " + e.getMessage(), e);
      }
      if (!keepsAttributes(data)) {
        log.warn(
            "The file system of {} has no extended attributes: S3 forgets content types and metadata",
            data);
      }
    }
    return new S3(data);
  }

  private static boolean keepsAttributes(Path directory) {
    var attributes = Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class);
    if (attributes == null) {
      return false;
    }
    try {
      attributes.write("backline", ByteBuffer.allocate(1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** They are there when it starts. */
  void createBuckets(List<String> names) {
    buckets = names;
  }

  /** Of this path and query, which stay as they were sent: keys may hold anything. */
  synchronized URI address(String pathAndQuery) {
    if (proxy == null) {
      proxy = start();
    }
    return URI.create("http://127.0.0.1:" + proxy.getPort() + pathAndQuery);
  }

  private S3Proxy start() {
    var store =
        data == null ? new TransientNio2BlobStore() : new FilesystemNio2BlobStore(data.toString());
    for (var bucket : buckets) {
      if (!store.containerExists(bucket)) {
        store.createContainer(bucket);
      }
    }
    var started =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            // What S3 knows and S3Proxy does not, such as the owner that is expected.
            .ignoreUnknownHeaders(true)
            .stopTimeout(STOP_MILLIS)
            .build();
    try {
      started.start();
    } catch (Exception e) {
      throw new IllegalStateException("S3 cannot start", e);
    }
    return started;
  }

  @Override
  public synchronized void close() {
    if (proxy != null) {
      try {
        proxy.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
