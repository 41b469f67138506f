package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.ProblemWriter;
import dev.backline.servicedefaults.Problems;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers errors that no controller saw: those of filters, and of {@code sendError}. */
@Controller
class ProblemErrorController implements ErrorController {

  private static final Logger log = LoggerFactory.getLogger(ProblemErrorController.class);

  private final ProblemWriter problems;

  ProblemErrorController(ProblemWriter problems) {
    this.problems = problems;
  }

  @RequestMapping("${spring.web.error.path:/error}")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    problems.write(
        request,
        response,
        switch (failure) {
          // Of the connection to the client: what the application throws, FailureFilter answers.
          case IOException broken -> BrokenRequest.ofBody(broken);
          case Throwable thrown -> problem(thrown);
          case null, default ->
              problem((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        });
  }

  static Problem problem(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Problem problem) {
        return problem;
      }
      if (cause instanceof ErrorResponse error && error.getStatusCode().is4xxClientError()) {
        return problem(error.getStatusCode().value());
      }
    }
    log.error("Request failed outside of the controllers", thrown);
    return ProblemAdvice.internal();
  }

  static Problem problem(@Nullable Integer statusCode) {
    // Somebody asked for the path of the error page itself.
    if (statusCode == null || statusCode == HttpStatus.NOT_FOUND.value()) {
      return ProblemAdvice.nothingHere();
    }
    HttpStatus status = HttpStatus.resolve(statusCode);
    return status == null || status == HttpStatus.INTERNAL_SERVER_ERROR
        ? ProblemAdvice.internal()
        : Problems.of(
            status,
            ProblemAdvice.slug(status),
            "The request was refused: " + status.getReasonPhrase());
  }
}
