package dev.backline.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Validations;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All templates, checked by cdk-nag, too. Made once for all tests, since it takes seconds. */
public final class Synthesis {

  private static @Nullable Synthesis ofThisRun;

  private final Path directory;
  private final List<String> stacks;

  private Synthesis(Path directory, Consumer<List<Stack>> change) {
    this.directory = directory;
    var app = InfraApp.app(directory, InfraApp.context());
    var built = InfraApp.build(app);
    change.accept(built);
    stacks = built.stream().map(Stack::getStackName).toList();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    try {
      app.synth();
    } catch (RuntimeException e) {
      // The findings are in the report, which NagTest reads.
      if (!String.valueOf(e.getMessage()).contains("ValidationFailed")) {
        throw e;
      }
    }
  }

  public static synchronized Synthesis get() {
    if (ofThisRun == null) {
      ofThisRun = into(Path.of("target", "cdk.out"));
    }
    return ofThisRun;
  }

  /** Another synthesis, made now. */
  static Synthesis into(Path directory) {
    return new Synthesis(directory, stacks -> {});
  }

  /** Another synthesis, of stacks with something changed. */
  static Synthesis into(Path directory, Consumer<List<Stack>> change) {
    return new Synthesis(directory, change);
  }

  /** What {@link #get()} returns while the action runs. */
  static synchronized <T> T use(Synthesis synthesis, Supplier<T> action) {
    var before = ofThisRun;
    ofThisRun = synthesis;
    try {
      return action.get();
    } finally {
      ofThisRun = before;
    }
  }

  public Path directory() {
    return directory;
  }

  /** Names of all stacks, in the order of their deployment. */
  public List<String> stacks() {
    return stacks;
  }

  /** For the assertions of the CDK. */
  public Template template(String stack) {
    try {
      return Template.fromString(Files.readString(directory.resolve(stack + ".template.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The template as it was written. */
  public JsonNode json(String stack) {
    return file(stack + ".template.json");
  }

  /** The resources of a type, by logical id. */
  public Map<String, JsonNode> resources(String stack, String type) {
    return json(stack).path("Resources").properties().stream()
        .filter(resource -> resource.getValue().path("Type").asString().equals(type))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  /** What cdk-nag and CloudFormation Validate have found and nobody has acknowledged. */
  public List<String> findings() {
    var findings = new ArrayList<String>();
    for (var plugin : file("validation-report.json").path("pluginReports")) {
      for (var violation : plugin.path("violations")) {
        findings.add(
            violation.path("ruleName").asString() + " " + violation.path("description").asString());
      }
    }
    return findings;
  }

  /** A file of the cloud assembly, such as {@code manifest.json}. */
  public JsonNode file(String name) {
    return JsonMapper.shared().readTree(directory.resolve(name));
  }
}
