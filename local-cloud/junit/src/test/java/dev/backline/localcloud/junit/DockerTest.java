package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The docker command is a script here: what is asked of it counts. */
class DockerTest {

  @TempDir Path directory;

  @Test
  void anImageThatIsThereIsNotPulled() throws IOException {
    var docker = docker("exit 0");

    docker.require("image:1");

    assertThat(calls()).containsExactly("image inspect --format {{.Id}} image:1");
  }

  @Test
  void aMissingImageIsPulled() throws IOException {
    var docker = docker("[ $1 = pull ]");

    assertThat(docker.has("image:1")).isFalse();
    docker.require("image:1");

    assertThat(calls()).endsWith("pull --quiet image:1");
  }

  @Test
  void whatCannotBePulledIsToldInDockersWordsAndNotTriedAgain() throws IOException {
    var docker = docker("echo 'no route to registry' >&2; exit 1");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> docker.require("image:1"))
        .withMessage("The image image:1 is not there and cannot be pulled: no route to registry");
    assertThat(calls()).filteredOn(call -> call.startsWith("pull")).hasSize(1);
  }

  @Test
  void withoutDockerNoImageIsThere() {
    var docker = new Docker("no-such-program");

    assertThat(docker.has("image:1")).isFalse();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> docker.require("image:1"))
        .withMessageContaining("no-such-program");
  }

  @Test
  void byDefaultLocalStackIsTakenWhereItsImageIsAlready() throws IOException {
    assertThat(choice(docker("exit 0")).byDefault()).isEqualTo("localstack");
    assertThat(choice(docker("[ $1 = pull ]")).byDefault()).isEqualTo("embedded");
    assertThat(calls()).noneMatch(call -> call.startsWith("pull"));
  }

  private static CloudChoice choice(Docker docker) {
    return new CloudChoice(docker, null, Map.of());
  }

  private Docker docker(String script) throws IOException {
    var program = directory.resolve("docker");
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "$*" >>"%s"
        %s
        """
            .formatted(directory.resolve("calls"), script));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return new Docker(program.toString());
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }
}
