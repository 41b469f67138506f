package dev.backline.infra.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.Synthesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InventoryTest {

  private static final Path FILE = Path.of("inventory.txt");

  @Test
  void inventoryTxtSaysWhatThereIs() throws IOException {
    String now = Inventory.of(CloudAssembly.read(Synthesis.get().directory()));
    if (Boolean.getBoolean("update")) {
      Files.writeString(FILE, now);
    }
    assertThat(FILE)
        .as("stale where resources came or went on purpose; then run: make templates")
        .hasContent(now);
  }
}
