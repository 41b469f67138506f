package dev.backline.desk.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the trace of a click that went through the redirector, the queue and the worker. */
final class Traces {

  private static final List<String> SERVICES = List.of("redirector", "event-worker");

  private final Http http;

  Traces(Http http) {
    this.http = http;
  }

  /**
   * A trace.
   *
   * @param command shows it
   * @param lines who called whom, indented
   */
  record Trace(String id, String command, List<String> lines) {}

  /** The command that lists all traces. */
  static String listing(TraceStore store) {
    return switch (store) {
      case TraceStore.LocalCloud(String url) -> "curl " + url + "/traces";
      case TraceStore.Jaeger(String url) -> "curl '" + newestIn(url) + "'";
      case TraceStore.None _ -> "";
    };
  }

  Optional<Trace> find(TraceStore store, Instant began, String code)
      throws IOException, InterruptedException {
    return switch (store) {
      case TraceStore.LocalCloud(String url) -> inLocalCloud(url + "/traces", began, code);
      case TraceStore.Jaeger(String url) -> inJaeger(url, began, code);
      case TraceStore.None _ -> Optional.empty();
    };
  }

  private Optional<Trace> inLocalCloud(String url, Instant began, String code)
      throws IOException, InterruptedException {
    for (JsonNode trace : http.get(url, Map.of()).expect(200, "GET " + url).json()) {
      var services = new ArrayList<String>();
      trace.path("services").forEach(service -> services.add(service.asString("")));
      if (services.containsAll(SERVICES)
          && Api.text(trace, "url").endsWith("/" + code)
          && trace.path("start").asLong(0) >= began.toEpochMilli()) {
        String id = Api.text(trace, "id");
        String one = url + "/" + id;
        var segments = http.get(one, Map.of()).expect(200, "GET " + one).json();
        return Optional.of(new Trace(id, "curl " + one, TraceTree.of(segments)));
      }
    }
    return Optional.empty();
  }

  private static String newestIn(String jaeger) {
    return jaeger + "/api/traces?service=redirector&limit=200&lookback=1h";
  }

  private Optional<Trace> inJaeger(String jaeger, Instant began, String code)
      throws IOException, InterruptedException {
    String url = newestIn(jaeger);
    var found = http.get(url, Map.of());
    // Jaeger answers 404 to the name of a service that it has not heard of yet.
    JsonNode traces = found.status() == 404 ? http.none() : found.expect(200, "GET " + url).json();
    for (JsonNode trace : traces.path("data")) {
      if (servicesOf(trace).containsAll(SERVICES)
          && hasSpanOf(code, trace)
          && startOf(trace).isAfter(began.minus(Duration.ofSeconds(1)))) {
        String id = Api.text(trace, "traceID");
        return Optional.of(new Trace(id, "curl " + jaeger + "/api/traces/" + id, linesOf(trace)));
      }
    }
    return Optional.empty();
  }

  private static Set<String> servicesOf(JsonNode trace) {
    var services = new HashSet<String>();
    trace.path("processes").forEach(process -> services.add(Api.text(process, "serviceName")));
    return services;
  }

  /** The tag's name differs between versions of the semantic conventions. */
  private static boolean hasSpanOf(String code, JsonNode trace) {
    for (JsonNode span : trace.path("spans")) {
      for (JsonNode tag : span.path("tags")) {
        if (Api.text(tag, "value").endsWith("/" + code)) {
          return true;
        }
      }
    }
    return false;
  }

  private static Instant startOf(JsonNode trace) {
    long micros = Long.MAX_VALUE;
    for (JsonNode span : trace.path("spans")) {
      micros = Math.min(micros, span.path("startTime").asLong(0));
    }
    return Instant.ofEpochMilli(micros / 1_000);
  }

  private static List<String> linesOf(JsonNode trace) {
    var children = new HashMap<String, List<JsonNode>>();
    var known = new HashSet<String>();
    trace.path("spans").forEach(span -> known.add(Api.text(span, "spanID")));
    for (JsonNode span : trace.path("spans")) {
      String parent = parentOf(span);
      children
          .computeIfAbsent(
              parent != null && known.contains(parent) ? parent : "", none -> new ArrayList<>())
          .add(span);
    }
    var lines = new ArrayList<String>();
    addBelow("", "", children, trace, lines);
    return lines;
  }

  private static @Nullable String parentOf(JsonNode span) {
    for (JsonNode reference : span.path("references")) {
      if (Api.text(reference, "refType").equals("CHILD_OF")) {
        return Api.text(reference, "spanID");
      }
    }
    return null;
  }

  private static void addBelow(
      String parent,
      String indent,
      Map<String, List<JsonNode>> children,
      JsonNode trace,
      List<String> lines) {
    children.getOrDefault(parent, List.of()).stream()
        .sorted(Comparator.comparingLong(span -> span.path("startTime").asLong(0)))
        .forEach(
            span -> {
              String service =
                  Api.text(
                      trace.path("processes").path(Api.text(span, "processID")), "serviceName");
              String operation = Api.text(span, "operationName");
              lines.add(
                  String.format(
                      Locale.ROOT,
                      "%s%s  %.1f ms",
                      indent,
                      operation.equals(service) ? service : service + " " + operation,
                      span.path("duration").asLong(0) / 1000.0));
              addBelow(Api.text(span, "spanID"), indent + "  ", children, trace, lines);
            });
  }
}
