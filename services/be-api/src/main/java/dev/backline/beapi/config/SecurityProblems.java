package dev.backline.beapi.config;

import dev.backline.servicedefaults.ProblemWriter;
import dev.backline.servicedefaults.Problems;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers refused requests with problems; the WWW-Authenticate header (RFC 6750) says the same to
 * OAuth clients.
 */
@Component
class SecurityProblems
    implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

  private static final Logger log = LoggerFactory.getLogger(SecurityProblems.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final AuthenticationEntryPoint challenge = new BearerTokenAuthenticationEntryPoint();
  private final AccessDeniedHandler insufficientScope = new BearerTokenAccessDeniedHandler();
  private final ProblemWriter writer;

  SecurityProblems(JsonMapper json) {
    this.writer = new ProblemWriter(json);
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
      throws IOException {
    if (exception instanceof AuthenticationServiceException) {
      log.warn("The keys that sign tokens cannot be read: {}", exception.getMessage());
      writer.write(request, response, Problems.unavailable(RETRY_AFTER, exception));
      return;
    }
    try {
      challenge.commence(request, response, exception);
    } catch (ServletException e) {
      throw new IOException(e);
    }
    var detail =
        request.getHeader("Authorization") == null
            ? "Send a bearer token."
            : "The bearer token is malformed, expired, or not from an issuer that is trusted here.";
    writer.write(request, response, Problems.of(HttpStatus.UNAUTHORIZED, "unauthorized", detail));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException exception)
      throws IOException {
    try {
      insufficientScope.handle(request, response, exception);
    } catch (ServletException e) {
      throw new IOException(e);
    }
    writer.write(
        request,
        response,
        Problems.forbidden("forbidden", "The token has no scope that allows this."));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException exception)
      throws IOException {
    writer.write(
        request,
        response,
        Problems.badRequest(
            "bad-request",
            "The method, or a character of the address or a header, is not accepted."));
  }
}
