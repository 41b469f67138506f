package dev.backline.xraytracing;

import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.server.ResponseStatusException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(TracedApplication.Endpoints.class)
class TracedApplication {

  @RestController
  static class Endpoints {

    private final ObservationRegistry observations;
    private final TraceContext traces;
    private final Optional<SqsAsyncClient> sqs;

    Endpoints(ObservationRegistry observations, TraceContext traces, Optional<SqsAsyncClient> sqs) {
      this.observations = observations;
      this.traces = traces;
      this.sqs = sqs;
    }

    /** The id in the log context and the one of the trace. */
    @GetMapping("/ids")
    List<String> ids() {
      return List.of(mdc(), traces.currentTraceId().orElse(""), traces.currentHeader().orElse(""));
    }

    @GetMapping("/async")
    Callable<String> async() {
      return TracedApplication::mdc;
    }

    @GetMapping("/fails")
    String fails() {
      throw new IllegalStateException("on purpose");
    }

    @GetMapping("/missing")
    String missing() {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }

    @GetMapping("/observed")
    String observed() {
      return observe("outer", () -> observe("inner", TracedApplication::mdc));
    }

    /** Two lookups side by side on virtual threads of a wrapped executor. */
    @GetMapping("/parallel")
    List<String> parallel() throws InterruptedException, ExecutionException {
      try (ExecutorService executor =
          ContextExecutorService.wrap(
              Executors.newVirtualThreadPerTaskExecutor(),
              () -> ContextSnapshotFactory.builder().build().captureAll())) {
        Future<String> first = executor.submit(() -> observe("first", TracedApplication::mdc));
        Future<String> second = executor.submit(() -> observe("second", TracedApplication::mdc));
        return List.of(first.get(), second.get());
      }
    }

    /** Calls the given address with Spring's own client. */
    @GetMapping("/call")
    String call(@RequestParam String url) {
      return String.valueOf(
          RestClient.builder()
              .observationRegistry(observations)
              .build()
              .get()
              .uri(url)
              .retrieve()
              .body(String.class));
    }

    @GetMapping("/send")
    String send() {
      SqsAsyncClient client = sqs.orElseThrow();
      String url = client.createQueue(request -> request.queueName("clicks")).join().queueUrl();
      client.sendMessage(request -> request.queueUrl(url).messageBody("click")).join();
      return mdc();
    }

    private String observe(
        String name, Observation.CheckedCallable<String, RuntimeException> work) {
      return Observation.createNotStarted(name, observations)
          .lowCardinalityKeyValue("cache.name", "links")
          .highCardinalityKeyValue("code", "secret")
          .observeChecked(work);
    }
  }

  static String mdc() {
    @Nullable String id = MDC.get("traceId");
    return id == null ? "" : id;
  }
}
