package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.ProblemWriter;
import dev.backline.servicedefaults.Problems;
import dev.backline.servicedefaults.Problems.FieldError;
import jakarta.validation.ConstraintViolationException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Turns every exception of a controller into a problem with a stable type, and never tells what is
 * inside.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(JsonProblems.of(e), request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    Stream<FieldError> fields =
        e.getFieldErrors().stream()
            .map(error -> new FieldError(error.getField(), message(error.getDefaultMessage())));
    Stream<FieldError> objects =
        e.getGlobalErrors().stream()
            .map(
                error -> new FieldError(error.getObjectName(), message(error.getDefaultMessage())));
    return answer(Problems.invalidFields(Stream.concat(fields, objects).toList()), request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
      HandlerMethodValidationException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    if (e.isForReturnValue()) {
      return answer(internal(e), request);
    }
    return answer(Problems.invalidFields(ParameterErrors.of(e)), request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
      MissingServletRequestParameterException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(Problems.invalidField(e.getParameterName(), "is required"), request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    String name = e.getPropertyName();
    return answer(
        Problems.invalidField(
            name == null ? "parameter" : name, ExpectedType.of(e.getRequiredType())),
        request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleNoHandlerFoundException(
      NoHandlerFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    return answer(nothingHere(), request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
      NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    return answer(nothingHere(), request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> handleConstraintViolation(
      ConstraintViolationException e, WebRequest request) {
    List<FieldError> errors =
        e.getConstraintViolations().stream()
            .map(
                violation ->
                    new FieldError(violation.getPropertyPath().toString(), violation.getMessage()))
            .toList();
    return answer(Problems.invalidFields(errors), request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> handleEverythingElse(Exception e, WebRequest request) {
    // First, since a connection that DynamoDB reset looks like one that the client reset.
    if (Unavailability.isCauseOf(e)) {
      return answer(Problems.unavailable(RETRY_AFTER, e), request);
    }
    if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
      log.debug("The client went away: {}", e.toString());
      return null;
    }
    Problem broken = BrokenRequest.problemOf(e, request);
    return answer(broken == null ? internal(e) : broken, request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    ProblemDetail problem =
        body instanceof ProblemDetail given
            ? given
            : e instanceof ErrorResponse error
                ? error.updateAndGetBody(getMessageSource(), request.getLocale())
                : ProblemDetail.forStatus(status);
    if (problem.getType() == null || problem.getType().toString().equals("about:blank")) {
      problem.setType(Problem.type(slug(status)));
    }
    if (status.is5xxServerError()) {
      if (e instanceof Problem known) {
        // Without a cause it has been logged where it was found.
        if (known.getCause() != null) {
          log.warn("{} because of {}", known.getBody().getType(), known.getCause().toString());
        }
      } else {
        log.error("Request failed", e);
        problem.setDetail(null);
      }
    }
    if (isAnswered(request)) {
      return null;
    }
    HttpHeaders sent = new HttpHeaders();
    sent.putAll(headers);
    sent.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return super.handleExceptionInternal(e, ProblemWriter.traced(problem), sent, status, request);
  }

  private @Nullable ResponseEntity<Object> answer(Problem problem, WebRequest request) {
    return handleExceptionInternal(
        problem, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
  }

  /** Tomcat answers a body that it cannot read itself, before the exception arrives here. */
  private static boolean isAnswered(WebRequest request) {
    return request instanceof ServletWebRequest web
        && web.getResponse() != null
        && web.getResponse().isCommitted();
  }

  private static Problem internal(Exception e) {
    log.error("Request failed", e);
    return internal();
  }

  static Problem internal() {
    return Problems.of(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "The service failed. The error is ours, not yours.");
  }

  static Problem nothingHere() {
    return Problems.notFound("not-found", "There is nothing at this address.");
  }

  /** 405 Method Not Allowed: method-not-allowed. */
  static String slug(HttpStatusCode status) {
    HttpStatus known = HttpStatus.resolve(status.value());
    return known == null
        ? "status-" + status.value()
        : known.getReasonPhrase().toLowerCase(Locale.ROOT).replace("'", "").replace(' ', '-');
  }

  private static String message(@Nullable String message) {
    return message == null ? "is not valid" : message;
  }
}
