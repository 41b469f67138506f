package dev.backline.localcloud.traces;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The last traces, each with the segments that have arrived. */
public final class Traces {

  private static final int KEPT_TRACES = 1_000;
  private static final int KEPT_SEGMENTS = 500;

  /**
   * A thousand traces of this suite are 5 million characters. Parsed, a hostile document takes 28
   * bytes for each of them, and the heap has 384 MB.
   */
  static final int KEPT_CHARACTERS = 6_000_000;

  private final LinkedHashMap<String, List<Segment>> segments = new LinkedHashMap<>();
  private long characters;

  private record Segment(JsonNode document, int length) {}

  /**
   * One line of the list.
   *
   * @param start epoch milliseconds
   * @param url and status of the first segment that served HTTP
   */
  public record Summary(
      String id,
      long start,
      long durationMillis,
      List<String> services,
      @Nullable String url,
      @Nullable Integer status) {}

  /**
   * Takes a segment document; one that names no trace is left out.
   *
   * @throws JacksonException when it is not JSON
   */
  synchronized void add(String json) {
    var document = JsonMapper.shared().readTree(json);
    var id = document.path("trace_id").asString("");
    if (id.isEmpty()) {
      return;
    }
    var trace = segments.computeIfAbsent(id, any -> new ArrayList<>());
    // A segment is sent once while in progress and once when it has ended.
    trace.removeIf(
        other -> {
          var isSame = other.document().path("id").equals(document.path("id"));
          characters -= isSame ? other.length() : 0;
          return isSame;
        });
    if (trace.size() < KEPT_SEGMENTS) {
      trace.add(new Segment(document, json.length()));
      characters += json.length();
    }
    while (segments.size() > KEPT_TRACES || characters > KEPT_CHARACTERS) {
      characters -= segments.pollFirstEntry().getValue().stream().mapToInt(Segment::length).sum();
    }
  }

  /** Newest first. */
  public synchronized List<Summary> list() {
    return segments.entrySet().stream()
        .map(trace -> summary(trace.getKey(), documents(trace.getValue())))
        .sorted(Comparator.comparingLong(Summary::start).reversed())
        .toList();
  }

  public synchronized Optional<List<JsonNode>> find(String id) {
    return Optional.ofNullable(segments.get(id)).map(Traces::documents);
  }

  private static List<JsonNode> documents(List<Segment> trace) {
    return trace.stream().map(Segment::document).toList();
  }

  private static Summary summary(String id, List<JsonNode> segments) {
    var inOrder = segments.stream().sorted(Comparator.comparingDouble(Traces::start)).toList();
    var start = start(inOrder.getFirst());
    var end =
        inOrder.stream()
            .mapToDouble(s -> s.path("end_time").asDouble(start(s)))
            .max()
            .orElse(start);
    var http =
        inOrder.stream()
            .filter(s -> s.path("http").path("request").has("url"))
            .map(s -> s.path("http"))
            .findFirst();
    return new Summary(
        id,
        Math.round(start * 1_000),
        Math.max(0, Math.round((end - start) * 1_000)),
        inOrder.stream()
            .filter(s -> !s.path("type").asString("").equals("subsegment"))
            .map(s -> s.path("name").asString(""))
            .distinct()
            .toList(),
        http.map(h -> h.path("request").path("url").asString("")).orElse(null),
        http.map(h -> h.path("response").path("status"))
            .filter(JsonNode::isNumber)
            .map(JsonNode::asInt)
            .orElse(null));
  }

  private static double start(JsonNode segment) {
    return segment.path("start_time").asDouble(0);
  }
}
