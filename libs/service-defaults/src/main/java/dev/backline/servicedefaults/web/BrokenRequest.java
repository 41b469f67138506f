package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.Problems;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.context.request.WebRequest;

/**
 * Tells what is wrong with a request where Tomcat and Spring only throw, as if it were our error.
 */
final class BrokenRequest {

  private BrokenRequest() {}

  /** The refusal that the exception of a handler stands for; null when the error is ours. */
  static @Nullable Problem problemOf(Exception e, WebRequest request) {
    if (e instanceof InvalidParameterException) {
      return Problems.badRequest(
          "malformed-parameters", "The query or the form is not percent-encoded UTF-8.");
    }
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (e instanceof IllegalArgumentException && contentType != null && contentType.contains("*")) {
      return Problems.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported-media-type",
          "Content-Type must name one type, without a wildcard.");
    }
    return null;
  }

  /** For what Tomcat met when it read the body: a broken chunk, an early end, a sender too slow. */
  static Problem ofBody(IOException e) {
    return e instanceof SocketTimeoutException
        ? Problems.of(
            HttpStatus.REQUEST_TIMEOUT, "request-timeout", "The request body did not come in time.")
        : Problems.badRequest("unreadable-body", "The request body could not be read to its end.");
  }
}
