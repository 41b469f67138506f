package dev.backline.localcloud;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * S3Proxy on a port of its own; the front hands requests on to it. Objects are in memory, or files
 * in a data directory with their metadata as extended attributes.
 */
final class S3 implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(S3.class);
  private static final long STOP_MILLIS = 1_000;

  private final S3Proxy proxy;

  private S3(S3Proxy proxy) {
    this.proxy = proxy;
  }

  static S3 start(@Nullable Path data) {
    var proxy =
        S3Proxy.builder()
            .blobStore(store(data))
            .endpoint(URI.create("http://127.0.0.1:0"))
            // What S3 knows and S3Proxy does not, such as the owner that is expected.
            .ignoreUnknownHeaders(true)
            .stopTimeout(STOP_MILLIS)
            .build();
    try {
      proxy.start();
    } catch (Exception e) {
      throw new StartupException("S3 cannot start: " + e.getMessage(), e);
    }
    return new S3(proxy);
  }

  private static BlobStore store(@Nullable Path data) {
    if (data == null) {
      return new TransientNio2BlobStore();
    }
    try {
      Files.createDirectories(data);
      if (!keepsAttributes(data)) {
        log.warn(
            "The file system of {} has no extended attributes: S3 forgets content types and metadata",
            data);
      }
    } catch (IOException e) {
      throw new StartupException("S3 cannot use " + data + ": " + e.getMessage(), e);
    }
    return new FilesystemNio2BlobStore(data.toString());
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

  /** Of this path and query, which stay as they were sent: keys may hold anything. */
  URI address(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + proxy.getPort() + pathAndQuery);
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
