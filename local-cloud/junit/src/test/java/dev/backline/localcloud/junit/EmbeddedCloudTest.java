package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedCloudTest {

  private static final ProcessHandle SELF = ProcessHandle.current();

  @TempDir Path directory;

  @Test
  void aCloudThatRunsIsUsed() throws IOException {
    var started = SELF.info().startInstant().orElseThrow();

    assertThat(EmbeddedCloud.readIfAlive(state(SELF.pid(), started))).isPresent();
  }

  @Test
  void aPidThatIsAnothersByNowIsNotTakenForTheCloud() throws IOException {
    var state = state(SELF.pid(), Instant.EPOCH);

    assertThat(EmbeddedCloud.readIfAlive(state)).isEmpty();
    assertThat(state).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"pid\":1}", "{\"pid\":\"x\",\"startedAt\":\"now\"}"})
  void aDamagedFileIsAsGoodAsNone(String content) throws IOException {
    var state = Files.writeString(directory.resolve("cloud.json"), content);

    assertThat(EmbeddedCloud.readIfAlive(state)).isEmpty();
    assertThat(state).doesNotExist();
  }

  private Path state(long pid, Instant startedAt) throws IOException {
    return Files.writeString(
        directory.resolve("cloud.json"),
        "{\"pid\":%d,\"startedAt\":\"%s\"}".formatted(pid, startedAt));
  }
}
