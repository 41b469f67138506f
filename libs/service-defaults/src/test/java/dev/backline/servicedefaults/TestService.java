package dev.backline.servicedefaults;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** A service that does everything wrong that a service can do. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({TestService.Api.class, TestService.OwnAdvice.class, TestService.FailingFilter.class})
public class TestService {

  record Thing(
      @NotBlank String title,
      @Size(max = 3) String code,
      int size,
      Kind kind,
      Instant at,
      List<Part> parts) {}

  record Part(@NotBlank String name) {}

  enum Kind {
    SMALL,
    LARGE
  }

  static final class OwnException extends RuntimeException {}

  @RestControllerAdvice
  static class OwnAdvice {

    @ExceptionHandler
    ProblemDetail own(OwnException e) {
      return Problems.conflict("own", "Handled by the service.").getBody();
    }
  }

  @Component
  static class FailingFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      switch (request.getRequestURI()) {
        case "/filter/throws" -> throw new IllegalStateException("secret of the filter");
        case "/filter/forbids" -> response.sendError(403, "secret of the filter");
        default -> chain.doFilter(request, response);
      }
    }
  }

  @RestController
  static class Api {

    private static final Logger log = LoggerFactory.getLogger(Api.class);

    @PostMapping(path = "/things", consumes = "application/json", produces = "application/json")
    Map<String, Object> create(@Valid @RequestBody Thing thing) {
      return Map.of("title", thing.title());
    }

    @PostMapping({"/lines", "/stream/lines"})
    long count(InputStream body) throws IOException {
      return body.transferTo(OutputStream.nullOutputStream());
    }

    @GetMapping("/things")
    Map<String, Object> list(
        @RequestParam @Min(1) @Max(100) int limit, @RequestParam(name = "q") String query) {
      return Map.of("limit", limit, "query", query);
    }

    @GetMapping("/things/{id}")
    String get(@PathVariable long id) {
      throw Problems.notFound("thing-not-found", "There is no thing " + id + ".").with("id", id);
    }

    @GetMapping("/thread")
    boolean thread() {
      log.info("asked for the thread");
      return Thread.currentThread().isVirtual();
    }

    @GetMapping("/fail/{how}")
    String fail(@PathVariable String how) {
      throw switch (how) {
        case "own" -> new OwnException();
        case "status" -> new ResponseStatusException(HttpStatus.BAD_GATEWAY, "secret reason");
        case "network" -> SdkClientException.create("secret host refused");
        case "throttle" ->
            ProvisionedThroughputExceededException.builder()
                .statusCode(400)
                .awsErrorDetails(
                    AwsErrorDetails.builder()
                        .errorCode("ProvisionedThroughputExceededException")
                        .build())
                .build();
        case "redis" -> new RedisConnectionFailureException("secret host refused");
        case "wrapped" ->
            new IllegalStateException(SdkClientException.create("secret host refused"));
        case "table" ->
            ResourceNotFoundException.builder().message("secret table").statusCode(400).build();
        default -> new IllegalStateException("secret " + how);
      };
    }

    @GetMapping("/error-of-the-jvm")
    int error() {
      throw new StackOverflowError("secret");
    }
  }
}
