package dev.backline.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What may build and deploy this repository on GitHub. */
class WorkflowsTest {

  private static final Path WORKFLOWS = Path.of("..", "..", ".github", "workflows");

  static Stream<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      return files.toList().stream();
    }
  }

  /** Whoever takes over an action's repository can move its tags, not its commits. */
  @ParameterizedTest
  @MethodSource("workflows")
  void actionsOfOthersArePinnedByCommit(Path workflow) throws IOException {
    assertThat(Files.readAllLines(workflow))
        .filteredOn(line -> line.contains("uses:"))
        .isNotEmpty()
        .allMatch(
            line -> line.matches(".*uses: (\\./\\S+|\\S+@[0-9a-f]{40} # v\\d+(\\.\\d+)+)"),
            "has a commit and says which version that is");
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aWorkflowMayReadAndShowWhoItIsAndNothingElse(Path workflow) throws IOException {
    JsonNode parsed = parse(workflow);
    assertThat(parsed.path("permissions")).isEqualTo(permissions("contents", "read"));
    for (JsonNode job : parsed.path("jobs")) {
      if (job.has("permissions")) {
        assertThat(job.path("permissions"))
            .isEqualTo(permissions("contents", "read", "id-token", "write"));
      }
    }
    assertThat(Files.readString(workflow)).doesNotContain("secrets.", "secrets: inherit");
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aJobEndsAndLeavesNoTokenInItsClone(Path workflow) throws IOException {
    for (JsonNode job : parse(workflow).path("jobs")) {
      assertThat(job.has("timeout-minutes") || job.has("uses")).as(job.toString()).isTrue();
      for (JsonNode step : job.path("steps")) {
        if (step.path("uses").asString("").startsWith("actions/checkout@")) {
          assertThat(step.path("with").path("persist-credentials").asBoolean(true)).isFalse();
        }
      }
    }
  }

  /**
   * What stands in {@code ${{ }}} becomes part of the script, whoever wrote it: a branch's name.
   */
  @ParameterizedTest
  @MethodSource("workflows")
  void scriptsGetTextsAsVariables(Path workflow) throws IOException {
    for (JsonNode job : parse(workflow).path("jobs")) {
      for (JsonNode step : job.path("steps")) {
        assertThat(step.path("run").asString("")).doesNotContain("${{ github", "${{ inputs");
      }
    }
  }

  private static JsonNode permissions(String... namesAndValues) {
    var permissions = JsonMapper.shared().createObjectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      permissions.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return permissions;
  }

  private static JsonNode parse(Path workflow) throws IOException {
    Map<String, Object> yaml = new Yaml().load(Files.readString(workflow));
    return JsonMapper.shared().valueToTree(yaml);
  }
}
