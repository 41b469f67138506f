package dev.backline.desk.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jaeger's answers are in the form of its query API, from its documentation. */
class TracesTest {

  private static final Instant BEGAN = Instant.parse("2026-11-22T10:00:00Z");
  private static final long MICROS = BEGAN.plusSeconds(1).toEpochMilli() * 1_000;

  private static final String TRACE =
      """
      {"data":[{"traceID":"6b03754e7e16db43252769db77fadc38","processes":
        {"p1":{"serviceName":"redirector"},"p2":{"serviceName":"event-worker"}},
        "spans":[
        {"spanID":"b","processID":"p2","operationName":"event-worker","startTime":%d,"duration":400000,
         "references":[{"refType":"CHILD_OF","traceID":"6b03754e7e16db43252769db77fadc38","spanID":"a"}],"tags":[]},
        {"spanID":"a","processID":"p1","operationName":"redirector","startTime":%d,"duration":37000,"references":[],
         "tags":[{"key":"http.status_code","type":"int64","value":302},
                 {"key":"http.url","type":"string","value":"http://go.localhost:8080/abc"}]},
        {"spanID":"c","processID":"p2","operationName":"DynamoDb","startTime":%d,"duration":21000,
         "references":[{"refType":"CHILD_OF","traceID":"6b03754e7e16db43252769db77fadc38","spanID":"b"}],"tags":[]}]}]}
      """
          .formatted(MICROS + 10, MICROS, MICROS + 20);

  private HttpServer jaeger;
  private TraceStore store;
  private volatile String answer = TRACE;
  private volatile int status = 200;

  @BeforeEach
  void startJaeger() throws IOException {
    jaeger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    jaeger.createContext(
        "/api/traces",
        exchange -> {
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    jaeger.start();
    store = new TraceStore.Jaeger("http://127.0.0.1:" + jaeger.getAddress().getPort());
  }

  @AfterEach
  void stopJaeger() {
    jaeger.stop(0);
  }

  @Test
  void theTraceOfTheClickIsFoundInJaegerAsATree() throws Exception {
    try (var http = new Http(Map.of())) {
      var trace = new Traces(http).find(store, BEGAN, "abc").orElseThrow();

      assertThat(trace.id()).isEqualTo("6b03754e7e16db43252769db77fadc38");
      assertThat(trace.command()).endsWith("/api/traces/6b03754e7e16db43252769db77fadc38");
      assertThat(trace.lines())
          .containsExactly(
              "redirector  37.0 ms",
              "  event-worker  400.0 ms",
              "    event-worker DynamoDb  21.0 ms");
    }
  }

  @Test
  void tracesOfOthersEarlierOnesAndHalfOnesAreNot() throws Exception {
    try (var http = new Http(Map.of())) {
      var traces = new Traces(http);
      assertThat(traces.find(store, BEGAN, "other")).isEmpty();
      assertThat(traces.find(store, BEGAN.plusSeconds(60), "abc")).isEmpty();
      answer = TRACE.replace("\"event-worker\"", "\"another\"");
      assertThat(traces.find(store, BEGAN, "abc")).isEmpty();
    }
  }

  @Test
  void aServiceThatJaegerDoesNotKnowYetHasNoTraces() throws Exception {
    status = 404;
    answer = "{\"data\":null,\"errors\":[{\"code\":404,\"msg\":\"service not found\"}]}";
    try (var http = new Http(Map.of())) {
      assertThat(new Traces(http).find(store, BEGAN, "abc")).isEmpty();
    }
  }
}
