package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The only way to know that a signal is told from a test's close: a process that gets one. */
@Timeout(120)
class SigtermTest {

  @Test
  void aProcessThatGetsSigtermIsLameDuckDrainsAndReports() throws Exception {
    List<String> lines = new ArrayList<>();
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DrainedApplication.class.getName())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      readUntil(output, lines, "running");

      // Process.destroy would close the output that is read next.
      process.toHandle().destroy();
      readUntil(output, lines, "Shutdown: everything drained");
    } finally {
      process.destroyForcibly();
    }

    assertThat(lines).anyMatch(line -> line.contains("serving on until the balancer has noticed"));
  }

  @Test
  void aJvmThatLivesHasNoSignal() {
    assertThat(ShutdownSignal.jvmIsEnding()).isFalse();
  }

  private static void readUntil(BufferedReader output, List<String> lines, String wanted)
      throws IOException {
    String line;
    while ((line = output.readLine()) != null) {
      lines.add(line);
      if (line.contains(wanted)) {
        return;
      }
    }
    throw new AssertionError("The process ended without \"" + wanted + "\": " + lines);
  }
}
