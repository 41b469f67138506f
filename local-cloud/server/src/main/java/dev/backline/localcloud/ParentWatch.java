package dev.backline.localcloud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ends this process when the one that it belongs to has ended, in whatever way. */
final class ParentWatch {

  private static final long INTERVAL_MILLIS = 300;

  private ParentWatch() {}

  static void endWith(long pid) {
    var parent =
        ProcessHandle.of(pid)
            .orElseThrow(
                () -> new StartupException("There is no process " + pid + " (--parent-pid)"));
    start(
        "parent-watch",
        () -> {
          while (parent.isAlive() && !isZombie(pid)) {
            Thread.sleep(INTERVAL_MILLIS);
          }
        });
  }

  static void endWithStdin() {
    start(
        "stdin-watch",
        () -> {
          while (System.in.read() >= 0) {
            // whatever is written is of no interest
          }
        });
  }

  private interface Wait {
    void untilTheEnd() throws IOException, InterruptedException;
  }

  private static void start(String name, Wait wait) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                wait.untilTheEnd();
              } catch (IOException e) {
                // Standard input that cannot be read has ended.
              } catch (InterruptedException e) {
                return;
              }
              System.exit(0);
            });
  }

  /** A dead process whose own parent does not collect it still has a pid. */
  private static boolean isZombie(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException e) {
      return false;
    }
  }
}
