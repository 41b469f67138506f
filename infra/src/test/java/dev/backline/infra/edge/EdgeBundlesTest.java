package dev.backline.infra.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.infra.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class EdgeBundlesTest {

  @TempDir private Path directory;
  private EdgeBundles bundles;

  @BeforeEach
  void bundles() throws IOException {
    write("dist/og-tags/index.js");
    bundles = new EdgeBundles(directory.resolve("dist"), directory.resolve("copies"));
  }

  @Test
  void settingsStandBesideTheCodeInACopy() {
    var copy = bundles.configured("og-tags", Map.of("table", "prod-campaign-previews"));
    assertThat(copy).isDirectoryContaining(file -> file.endsWith("index.js"));
    assertThat(JsonMapper.shared().readTree(copy.resolve("config.json")).path("table").asString())
        .isEqualTo("prod-campaign-previews");
    assertThat(directory.resolve("dist/og-tags/config.json")).doesNotExist();
  }

  @Test
  void whatAnEarlierCopyHadIsGone() throws IOException {
    write("copies/og-tags/old.js");
    assertThat(bundles.configured("og-tags", Map.of()).resolve("old.js")).doesNotExist();
  }

  @Test
  void binariesForTheMachineThatBuildsStayThere() throws IOException {
    write("dist/og-tags/node_modules/@img/colour/index.js");
    write("dist/og-tags/node_modules/@img/sharp-linux-x64/sharp.node");
    write("dist/og-tags/node_modules/@img/sharp-libvips-linux-x64/lib.so");
    write("dist/og-tags/node_modules/@img/sharp-darwin-arm64/sharp.node");
    write("dist/og-tags/node_modules/@img/sharp-libvips-linuxmusl-x64/lib.so");
    write("dist/og-tags/node_modules/.backline");
    var modules = bundles.configured("og-tags", Map.of()).resolve("node_modules");
    assertThat(modules.resolve(".backline")).doesNotExist();
    assertThat(modules.resolve("@img").toFile().list())
        .containsExactlyInAnyOrder("colour", "sharp-linux-x64", "sharp-libvips-linux-x64");
  }

  @Test
  void aFunctionThatIsNotBuiltIsRefusedWithTheCommandThatBuildsIt() {
    assertThatThrownBy(() -> bundles.configured("short-url", Map.of()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContainingAll("short-url/index.js is missing", "make build");
    assertThatThrownBy(() -> bundles.script("image-format"))
        .hasMessageContainingAll("image-format/index.js is missing", "make build");
  }

  private void write(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }
}
