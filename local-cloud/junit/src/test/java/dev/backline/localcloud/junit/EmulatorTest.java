package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class EmulatorTest {

  static final Emulator[] EMULATORS = {Emulator.LOCALSTACK, Emulator.FLOCI};

  @ParameterizedTest
  @FieldSource("EMULATORS")
  void testsAndComposeRunTheSameImage(Emulator emulator) throws IOException {
    var compose = Path.of("..", "..", "containers", "cloud.yml");

    assertThat(Files.readAllLines(compose))
        .filteredOn(line -> line.contains(emulator.name() + "/" + emulator.name() + ":"))
        .singleElement()
        .asString()
        .endsWith(emulator.image());
  }
}
