package dev.backline.infra.edge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.infra.InvalidConfigurationException;
import dev.backline.infra.edge.Distributions.Behavior;
import dev.backline.infra.edge.Distributions.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DistributionsTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void copy() throws IOException {
    file = directory.resolve("distributions.json");
    var schema = Distributions.FILE.resolveSibling("distributions.schema.json");
    Files.copy(Distributions.FILE, file);
    Files.copy(schema, directory.resolve("distributions.schema.json"));
  }

  @Test
  void behaviorsKeepTheOrderOfTheFile() {
    assertThat(web(Distributions.load(file)).behaviors())
        .extracting(Behavior::path)
        .containsExactly("/api/*", "/campaigns/*", "/images/*");
  }

  @Test
  void whatIsLeftOutHasTheDefaultOfTheSchema() {
    var distributions = Distributions.load(file);
    var policy = requireNonNull(distributions.cachePolicies().get("site"));
    assertThat(policy.cookies()).isEqualTo(policy.headers());
    assertThat(policy.cookies().kind()).isEqualTo(Selection.Kind.NONE);
    assertThat(distributions.responseHeadersPolicies().values())
        .filteredOn(each -> each.override() == null)
        .isNotEmpty()
        .allMatch(each -> each.overrides());
    assertThat(web(distributions).defaultBehavior().compresses()).isTrue();
  }

  @Test
  void headersCanBeAllOfTheViewersAndSomeOfCloudFronts() {
    change(
        root ->
            root.withObject("/originRequestPolicies/trace")
                .putObject("headers")
                .putArray("allAnd")
                .add("CloudFront-Viewer-Country"));
    var headers =
        requireNonNull(Distributions.load(file).originRequestPolicies().get("trace")).headers();
    assertThat(headers.kind()).isEqualTo(Selection.Kind.ALL_AND);
    assertThat(headers.names()).containsExactly("CloudFront-Viewer-Country");
  }

  @Test
  void aFunctionThatDoesNotExistIsRefusedWithThoseThatDo() {
    change(root -> functions(root).put("origin-request", "og-tagz"));
    assertThatThrownBy(() -> Distributions.load(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "%s: distributions.web.behaviors[1].functions.origin-request: there is no \"og-tagz\"; there are: classify-viewer, image-format, og-tags, short-url, thumbnail",
            file);
  }

  @Test
  void allProblemsAreToldAtOnce() {
    change(
        root -> {
          functions(root).put("origin-request", "og-tagz");
          root.withObject("/distributions/web").put("webAcl", "none");
          root.withObject("/distributions/short-links/defaultBehavior").put("origin", "be-api");
        });
    assertThatThrownBy(() -> Distributions.load(file))
        .hasMessageContainingAll(
            "distributions.web.webAcl", "behaviors[1]", "distributions.short-links.defaultBehavior")
        .message()
        .hasLineCount(3);
  }

  @Test
  void aCloudFrontFunctionCannotRunAtAnOriginEvent() {
    change(root -> functions(root).put("origin-request", "classify-viewer"));
    assertThatThrownBy(() -> Distributions.load(file))
        .hasMessageContaining("origin-request")
        .hasMessageContaining(
            "\"classify-viewer\" is a CloudFront Function, which runs at viewer events only");
  }

  @Test
  void viewerEventsOfABehaviorHaveOneKindOfFunction() {
    change(root -> functions(root).put("viewer-response", "short-url"));
    assertThatThrownBy(() -> Distributions.load(file)).hasMessageContaining("use one kind");
  }

  @Test
  void aFunctionAtAViewerEventHasNoMoreMemoryThanThereIs() {
    change(root -> functions(root).put("viewer-request", "thumbnail"));
    assertThatThrownBy(() -> Distributions.load(file))
        .hasMessageContaining("\"thumbnail\" has 1024 MB, and 128 MB is what");
  }

  @Test
  void aFieldThatTheSchemaDoesNotKnowIsRefused() {
    change(root -> root.withObject("/cachePolicies/site").put("ttl", 60));
    assertThatThrownBy(() -> Distributions.load(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContainingAll(file.toString(), "/cachePolicies/site", "'ttl'");
  }

  @Test
  void whatIsNoJsonIsRefused() throws IOException {
    Files.writeString(file, "{ \"functions\": ");
    assertThatThrownBy(() -> Distributions.load(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("is no JSON");
  }

  private static Distributions.Distribution web(Distributions distributions) {
    return requireNonNull(distributions.distributions().get("web"));
  }

  private static ObjectNode functions(ObjectNode root) {
    return root.withObject("/distributions/web/behaviors/1/functions");
  }

  private void change(Consumer<ObjectNode> change) {
    var mapper = JsonMapper.shared();
    var root = (ObjectNode) mapper.readTree(file);
    change.accept(root);
    mapper.writeValue(file, root);
  }
}
