package dev.backline.infra.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeskTemplateTest {

  private static final Path COMMITTED = Path.of("templates", "data.json");

  @TempDir Path directory;

  @Test
  void theTemplateOfTheDeskIsThatOfTheDataStack() throws IOException {
    var template = DeskTemplate.synthesize(directory);
    if (Boolean.getBoolean("update")) {
      Files.writeString(COMMITTED, template);
    }

    assertThat(COMMITTED)
        .as("infra/templates/data.json; it is brought up to date by: make templates")
        .hasContent(template);
  }
}
