package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;

/**
 * Answers errors that Tomcat finds before any servlet sees the request, which it would answer with
 * a page of HTML.
 */
final class ProblemReportValve extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(ProblemReportValve.class);

  @Override
  protected void report(Request request, Response response, Throwable throwable) {
    if (response.getStatus() < 400
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    AtomicBoolean mayWrite = new AtomicBoolean();
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, mayWrite);
    if (!mayWrite.get()) {
      return;
    }
    try {
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.getOutputStream().write(json(ProblemErrorController.problem(response.getStatus())));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      log.debug("The error could not be reported", e);
    }
  }

  /**
   * By hand, for nothing here comes from the request and there may be no application to ask for a
   * mapper.
   */
  private static byte[] json(Problem problem) {
    var body = problem.getBody();
    return """
        {"type":"%s","title":"%s","status":%d,"detail":"%s"}"""
        .formatted(body.getType(), body.getTitle(), body.getStatus(), body.getDetail())
        .getBytes(StandardCharsets.UTF_8);
  }
}
