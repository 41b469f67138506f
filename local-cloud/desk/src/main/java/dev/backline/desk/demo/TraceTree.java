package dev.backline.desk.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** X-Ray segments of one trace as an indented tree: who called whom, and how long it took. */
final class TraceTree {

  private final Map<String, List<JsonNode>> children = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  private TraceTree() {}

  /**
   * One line per segment and subsegment.
   *
   * @param segments documents as the X-Ray SDK sends them
   */
  static List<String> of(Iterable<JsonNode> segments) {
    var tree = new TraceTree();
    var known = new HashMap<String, JsonNode>();
    for (JsonNode segment : segments) {
      tree.index(segment, known);
    }
    var roots = new ArrayList<JsonNode>();
    for (JsonNode segment : segments) {
      if (!known.containsKey(segment.path("parent_id").asString(""))) {
        roots.add(segment);
      }
    }
    tree.addAll(roots, "");
    return tree.lines;
  }

  private void index(JsonNode node, Map<String, JsonNode> known) {
    String id = node.path("id").asString("");
    known.put(id, node);
    String parent = node.path("parent_id").asString("");
    if (!parent.isEmpty()) {
      children.computeIfAbsent(parent, unknown -> new ArrayList<>()).add(node);
    }
    for (JsonNode child : node.path("subsegments")) {
      if (child.path("parent_id").asString("").isEmpty()) {
        children.computeIfAbsent(id, unknown -> new ArrayList<>()).add(child);
      }
      index(child, known);
    }
  }

  private void addAll(List<JsonNode> nodes, String indent) {
    nodes.stream()
        .sorted(Comparator.comparingDouble(node -> node.path("start_time").asDouble(0)))
        .forEach(
            node -> {
              lines.add(indent + line(node));
              addAll(children.getOrDefault(node.path("id").asString(""), List.of()), indent + "  ");
            });
  }

  private static String line(JsonNode node) {
    var line = new StringBuilder(node.path("name").asString("?"));
    JsonNode request = node.path("http").path("request");
    append(line, request.path("method").asString(""));
    append(line, path(request.path("url").asString("")));
    append(line, node.path("aws").path("operation").asString(""));
    append(line, node.path("aws").path("table_name").asString(""));
    append(line, node.path("http").path("response").path("status").asString(""));
    double millis =
        (node.path("end_time").asDouble(0) - node.path("start_time").asDouble(0)) * 1000;
    line.append(String.format(Locale.ROOT, "  %.1f ms", Math.max(0, millis)));
    if (node.path("fault").asBoolean(false)) {
      line.append("  fault");
    }
    return line.toString();
  }

  private static String path(String url) {
    int host = url.indexOf("://");
    int path = host < 0 ? -1 : url.indexOf('/', host + 3);
    return path < 0 ? "" : url.substring(path);
  }

  private static void append(StringBuilder line, String text) {
    if (!text.isEmpty()) {
      line.append(' ').append(text);
    }
  }
}
