package dev.backline.servicedefaults;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * An error that a client is told about as RFC 9457 problem+json. Throw it from anywhere below a
 * controller. The detail and the properties are sent as they are: write them for the client and put
 * nothing internal in them.
 */
public final class Problem extends ErrorResponseException {

  private static final URI TYPES = URI.create("https://backline.dev/problems/");

  Problem(HttpStatusCode status, String slug, String detail, @Nullable Throwable cause) {
    super(status, body(status, slug, detail), cause);
  }

  /** The stable type of problems with this slug. */
  public static URI type(String slug) {
    return TYPES.resolve(slug);
  }

  /** This problem with one more member, such as the limit that was exceeded. */
  public Problem with(String member, Object value) {
    getBody().setProperty(member, value);
    return this;
  }

  /** This problem with one more response header. */
  public Problem withHeader(String name, String value) {
    getHeaders().add(name, value);
    return this;
  }

  /** This problem with the time after which the client may try again, at least one second. */
  public Problem retryAfter(Duration duration) {
    getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, duration.toSeconds())));
    return this;
  }

  private static ProblemDetail body(HttpStatusCode status, String slug, String detail) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
    body.setType(type(slug));
    return body;
  }
}
