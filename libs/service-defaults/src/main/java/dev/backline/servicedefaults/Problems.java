package dev.backline.servicedefaults;

import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * Makes {@link Problem}s. A slug is the last part of the problem's type, such as {@code
 * link-not-found}: it is part of the API and never changes its meaning.
 */
public final class Problems {

  private Problems() {}

  /**
   * A field that was refused, as clients get it in the member {@code errors}.
   *
   * @param field path of the field in the body, or name of the parameter
   * @param message what is wrong with it, to be read after the field's name
   */
  public record FieldError(String field, String message) {}

  public static Problem of(HttpStatus status, String slug, String detail) {
    return new Problem(status, slug, detail, null);
  }

  public static Problem of(HttpStatus status, String slug, String detail, Throwable cause) {
    return new Problem(status, slug, detail, cause);
  }

  /** 400, for a request that is wrong in a way of its own. */
  public static Problem badRequest(String slug, String detail) {
    return of(HttpStatus.BAD_REQUEST, slug, detail);
  }

  /** 400 {@code validation-failed}: one field is wrong. */
  public static Problem invalidField(String field, String message) {
    return invalidFields(List.of(new FieldError(field, message)));
  }

  /** 400 {@code validation-failed}: the named fields are wrong. */
  public static Problem invalidFields(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().field() + ' ' + errors.getFirst().message()
            : errors.size() + " fields are not valid";
    return badRequest("validation-failed", detail).with("errors", List.copyOf(errors));
  }

  /** 403. */
  public static Problem forbidden(String slug, String detail) {
    return of(HttpStatus.FORBIDDEN, slug, detail);
  }

  /** 404. */
  public static Problem notFound(String slug, String detail) {
    return of(HttpStatus.NOT_FOUND, slug, detail);
  }

  /** 409: what is there is in the way. */
  public static Problem conflict(String slug, String detail) {
    return of(HttpStatus.CONFLICT, slug, detail);
  }

  /** 410: it was there and will not come back. */
  public static Problem gone(String slug, String detail) {
    return of(HttpStatus.GONE, slug, detail);
  }

  /** 412: it changed since the client read it. */
  public static Problem preconditionFailed(String slug, String detail) {
    return of(HttpStatus.PRECONDITION_FAILED, slug, detail);
  }

  /** 422: understood, and refused by a rule of the domain. */
  public static Problem unprocessable(String slug, String detail) {
    return of(HttpStatus.UNPROCESSABLE_CONTENT, slug, detail);
  }

  /** 503 {@code unavailable} with Retry-After: something this service needs does not answer. */
  public static Problem unavailable(Duration retryAfter, Throwable cause) {
    return of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "The service cannot answer right now; try again.",
            cause)
        .retryAfter(retryAfter);
  }
}
