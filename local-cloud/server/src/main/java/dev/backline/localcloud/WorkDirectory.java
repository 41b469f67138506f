package dev.backline.localcloud;

import dev.backline.localcloud.process.Directories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A directory for one run, deleted at its end; those of runs that were killed are deleted by the
 * next one.
 */
final class WorkDirectory implements AutoCloseable {

  private static final String PREFIX = "backline-local-cloud-";
  private static final String LOCK = "lock";
  private static final long NEEDED_BYTES = 200_000_000;

  private final Path path;
  private final FileChannel lock;

  private WorkDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static WorkDirectory create() {
    var base = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      deleteAbandoned(base);
      requireSpace(base, "TMPDIR or -Djava.io.tmpdir moves it");
      while (true) {
        var path = Files.createTempDirectory(base, PREFIX);
        var lock = tryLock(path);
        if (lock != null) {
          return new WorkDirectory(path, lock);
        }
        // Another start took it for an abandoned one before it was locked.
      }
    } catch (IOException e) {
      throw new StartupException(
          "The working directory cannot be made in " + base + ": " + e.getMessage(), e);
    }
  }

  /** Refuses to start where a server would fail later, in the middle of a write. */
  static void requireSpace(Path directory, String advice) throws IOException {
    var free = Files.getFileStore(directory).getUsableSpace();
    if (free < NEEDED_BYTES) {
      throw new StartupException(
          "Only %d MB are free in %s, %d MB are needed; %s"
              .formatted(free / 1_000_000, directory, NEEDED_BYTES / 1_000_000, advice));
    }
  }

  /** A lock that ends with this process, or null if another process has it. */
  static @Nullable FileChannel tryLock(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  private static void deleteAbandoned(Path base) throws IOException {
    try (var directories = Files.newDirectoryStream(base, PREFIX + "*")) {
      for (var directory : directories) {
        if (Files.isWritable(directory) && Files.exists(directory.resolve(LOCK))) {
          try (var lock = tryLock(directory)) {
            if (lock != null) {
              Directories.delete(directory);
            }
          }
        }
      }
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Directories.delete(path);
    lock.close();
  }
}
