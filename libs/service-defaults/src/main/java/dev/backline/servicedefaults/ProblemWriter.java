package dev.backline.servicedefaults;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem where no controller is involved: in a filter or an entry point. */
public final class ProblemWriter {

  private static final String TRACE_ID = "traceId";
  private static final String ATTRIBUTE = ProblemWriter.class.getName() + "." + TRACE_ID;

  private final JsonMapper json;

  public ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  /** Keeps the trace id for an error page, which is made after the request's trace has ended. */
  public void rememberTrace(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, MDC.get(TRACE_ID));
  }

  /**
   * Answers the problem, unless an answer is already under way. For use within the request's trace.
   */
  public void write(HttpServletResponse response, Problem problem) throws IOException {
    write(response, problem, traced(problem.getBody()));
  }

  /** Answers the problem after the request's trace has ended, with the id that was remembered. */
  public void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    write(response, problem, traced(problem.getBody(), (String) request.getAttribute(ATTRIBUTE)));
  }

  private void write(HttpServletResponse response, Problem problem, ProblemDetail body)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(problem.getStatusCode().value());
    problem
        .getHeaders()
        .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.getOutputStream().write(json.writeValueAsBytes(body));
  }

  /** The problem with the trace id under which the logs tell more, where there is one. */
  public static ProblemDetail traced(ProblemDetail problem) {
    return traced(problem, null);
  }

  private static ProblemDetail traced(ProblemDetail problem, @Nullable String remembered) {
    String current = MDC.get(TRACE_ID);
    String traceId = current == null ? remembered : current;
    if (traceId != null) {
      problem.setProperty(TRACE_ID, traceId);
    }
    return problem;
  }
}
