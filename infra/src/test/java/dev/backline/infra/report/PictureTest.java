package dev.backline.infra.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.Synthesis;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PictureTest {

  private static final Path FILE = Path.of("../docs/infrastructure.svg");

  @Test
  void theCommittedPictureIsThatOfTheTemplates() throws IOException {
    String now = picture();
    if (Boolean.getBoolean("update")) {
      Files.writeString(FILE, now);
    }
    assertThat(FILE)
        .as("stale where the infrastructure has changed; then run: make templates")
        .hasContent(now);
  }

  @Test
  void thePictureIsWellFormed() throws Exception {
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(picture())));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
  }

  @Test
  void thePictureNamesWhatATemplateHas() {
    assertThat(picture())
        .contains("be-api", "redirector", "event-worker")
        .contains("/campaigns/* → S3 site · classify-viewer, og-tags")
        .contains("links: ap-northeast-2, us-east-1")
        .contains("clicks, 5 tries, then clicks-dlq")
        .contains("from: Services, Bastion");
  }

  private static String picture() {
    return Picture.of(CloudAssembly.read(Synthesis.get().directory()), "prod");
  }
}
