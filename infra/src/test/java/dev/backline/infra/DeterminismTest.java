package dev.backline.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A template that differs from run to run is a deployment that nobody asked for. The second
 * synthesis has a JVM of its own, since the order of {@code Map.of} is chosen once for each.
 */
class DeterminismTest {

  @TempDir Path out;

  @Test
  void twoSynthesesAreTheSameToTheByte() throws IOException, InterruptedException {
    synthesizeInAnotherJvm();

    var files = templates(Synthesis.get().directory());
    assertThat(templates(out)).isEqualTo(files).hasSize(Synthesis.get().stacks().size());
    for (var file : files) {
      assertThat(out.resolve(file))
          .hasSameBinaryContentAs(Synthesis.get().directory().resolve(file));
    }
  }

  private void synthesizeInAnotherJvm() throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What the tests of this module were started with.
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("backline.") || name.equals("java.io.tmpdir"))
        .sorted()
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), InfraApp.class.getName()));
    var log = out.resolve("log").toFile();
    var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
    process.environment().put("CDK_OUTDIR", out.toString());

    var ended = process.start().waitFor();

    assertThat(ended).as(() -> read(log.toPath())).isZero();
  }

  private static List<String> templates(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".template.json"))
          .sorted()
          .toList();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
