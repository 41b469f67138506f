package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.ProblemWriter;
import dev.backline.servicedefaults.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Refuses bodies over the limit: at once when they are announced, while they are read when they
 * come in chunks.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

  private final long maxBytes;
  private final List<PathPattern> unlimited;
  private final ProblemWriter problems;

  BodyLimitFilter(HttpProperties properties, ProblemWriter problems) {
    this.maxBytes = properties.maxBody().toBytes();
    this.unlimited =
        properties.unlimitedPaths().stream().map(PathPatternParser.defaultInstance::parse).toList();
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    if (unlimited.isEmpty()) {
      return false;
    }
    PathContainer path = PathContainer.parsePath(request.getRequestURI());
    return unlimited.stream().anyMatch(pattern -> pattern.matches(path));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > maxBytes) {
      problems.write(response, tooLarge(maxBytes));
      return;
    }
    chain.doFilter(new LimitedRequest(request, maxBytes), response);
  }

  static Problem tooLarge(long maxBytes) {
    return Problems.of(
            HttpStatus.CONTENT_TOO_LARGE,
            "body-too-large",
            "The request body is larger than " + maxBytes + " bytes.")
        .with("maxBytes", maxBytes);
  }
}
