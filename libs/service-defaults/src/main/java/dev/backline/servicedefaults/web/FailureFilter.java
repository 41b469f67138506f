package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers what the filters within it throw. Tomcat would dispatch to the error page, when the
 * request's trace has already ended: neither the answer nor the log would have its id.
 */
final class FailureFilter extends OncePerRequestFilter {

  private final ProblemWriter problems;

  FailureFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    problems.rememberTrace(request);
    try {
      chain.doFilter(request, response);
    } catch (IOException | ServletException | RuntimeException e) {
      if (response.isCommitted() || DisconnectedClientHelper.isClientDisconnectedException(e)) {
        throw e;
      }
      problems.write(response, ProblemErrorController.problem(e));
    }
  }
}
