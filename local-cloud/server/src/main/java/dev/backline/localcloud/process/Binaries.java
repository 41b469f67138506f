package dev.backline.localcloud.process;

import dev.backline.localcloud.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The server programs, unpacked from the class path once per version into the user's cache
 * directory. Not the temporary directory: programs there could be planted by other users, and
 * cleaners delete parts of it.
 */
final class Binaries {

  private static final int EXECUTABLE_BY_OWNER = 0b001_000_000;

  private Binaries() {}

  static Path redis() {
    var program = "redis-server-7.0.15-" + os() + "-" + (isArm() ? "arm64" : "amd64");
    var directory = cache().resolve(program);
    unpack(
        directory,
        "/" + program,
        "Redis",
        (in, target) -> {
          var file = target.resolve("redis-server");
          Files.copy(in, file);
          makeExecutable(file);
        });
    return directory.resolve("redis-server");
  }

  /** The directory that has {@code bin/postgres}. */
  static Path postgres(String version) {
    var archive = "postgres-" + os() + "-" + (isArm() ? "arm_64" : "x86_64");
    var directory = cache().resolve(archive + "-" + version);
    unpack(directory, "/" + archive + ".txz", "PostgreSQL", Binaries::untar);
    return directory;
  }

  private interface Unpacking {
    void into(InputStream in, Path target) throws IOException;
  }

  private static void unpack(Path directory, String resource, String what, Unpacking unpacking) {
    if (Files.isDirectory(directory)) {
      return;
    }
    try (var in = Binaries.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new StartupException(
            "There is no "
                + what
                + " for this platform ("
                + System.getProperty("os.name")
                + ", "
                + System.getProperty("os.arch")
                + "): "
                + resource
                + " is not on the class path");
      }
      Files.createDirectories(directory.getParent());
      var fresh = Files.createTempDirectory(directory.getParent(), directory.getFileName() + ".");
      try {
        unpacking.into(in, fresh);
        Files.move(fresh, directory, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException
          | DirectoryNotEmptyException
          | AtomicMoveNotSupportedException e) {
        Directories.delete(fresh);
        if (!Files.isDirectory(directory)) {
          throw e;
        }
      } catch (IOException e) {
        Directories.delete(fresh);
        throw e;
      }
    } catch (IOException e) {
      throw new StartupException(
          what
              + " cannot be unpacked to "
              + directory
              + ": "
              + e.getMessage()
              + "\n  XDG_CACHE_HOME moves it.",
          e);
    }
  }

  private static void untar(InputStream in, Path target) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("The archive leaves its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, file);
          if ((entry.getMode() & EXECUTABLE_BY_OWNER) != 0) {
            makeExecutable(file);
          }
        }
      }
    }
  }

  private static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(
        file,
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
  }

  private static Path cache() {
    var configured = System.getenv("XDG_CACHE_HOME");
    var base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("backline").toAbsolutePath();
  }

  private static String os() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
        ? "darwin"
        : "linux";
  }

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }
}
