package dev.backline.infra.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a synthesis has written: the templates of all stacks. */
record CloudAssembly(List<Stack> stacks) {

  /** Where {@code make synth} writes, from the directory of this module. */
  static final Path DIRECTORY = Path.of("cdk.out");

  /**
   * One template.
   *
   * @param environment first part of the name: "beta", "prod", or the whole of it where a stack is
   *     shared
   */
  record Stack(String name, String environment, String region, List<Resource> resources) {

    Stream<Resource> of(String type) {
      return resources.stream().filter(resource -> resource.type().equals("AWS::" + type));
    }
  }

  record Resource(String id, String type, JsonNode properties) {

    String text(String pointer) {
      return properties.at(pointer).asString("");
    }

    double number(String pointer) {
      return properties.at(pointer).asDouble(0);
    }

    /** Whether something in these properties refers to another resource of the stack. */
    boolean refersTo(Resource other) {
      return refersTo(properties, other.id);
    }

    private static boolean refersTo(JsonNode node, String id) {
      if (node.path("Ref").asString("").equals(id)
          || node.path("Fn::GetAtt").path(0).asString("").equals(id)) {
        return true;
      }
      return Stream.concat(node.valueStream(), node.properties().stream().map(e -> e.getValue()))
          .distinct()
          .anyMatch(child -> refersTo(child, id));
    }
  }

  /**
   * Reads a directory.
   *
   * @throws IllegalStateException where nothing was synthesized
   */
  static CloudAssembly read(Path directory) {
    Path manifest = directory.resolve("manifest.json");
    if (!manifest.toFile().exists()) {
      throw new IllegalStateException("There is no %s. Run: make synth".formatted(manifest));
    }
    var stacks = new ArrayList<Stack>();
    JsonMapper.shared()
        .readTree(manifest)
        .path("artifacts")
        .forEachEntry(
            (name, artifact) -> {
              if (artifact.path("type").asString("").equals("aws:cloudformation:stack")) {
                stacks.add(stack(directory, name, artifact));
              }
            });
    return new CloudAssembly(List.copyOf(stacks));
  }

  /** Names of environments, and of shared stacks, in the order of the app. */
  List<String> environments() {
    return stacks.stream().map(Stack::environment).distinct().toList();
  }

  Stream<Stack> of(String environment) {
    return stacks.stream().filter(stack -> stack.environment().equals(environment));
  }

  private static Stack stack(Path directory, String name, JsonNode artifact) {
    String place = artifact.path("environment").asString();
    var template =
        JsonMapper.shared()
            .readTree(directory.resolve(artifact.at("/properties/templateFile").asString()));
    var resources =
        template.path("Resources").properties().stream()
            .map(
                entry ->
                    new Resource(
                        entry.getKey(),
                        Objects.requireNonNull(entry.getValue().path("Type").asString()),
                        entry.getValue().path("Properties")))
            .toList();
    return new Stack(
        name, name.replaceFirst("-.*", ""), place.substring(place.lastIndexOf('/') + 1), resources);
  }
}
