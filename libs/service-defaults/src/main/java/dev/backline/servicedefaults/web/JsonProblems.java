package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.Problems;
import dev.backline.servicedefaults.Problems.FieldError;
import java.util.List;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Says what is wrong with a JSON body, and where, without the names of our classes that Jackson's
 * messages hold.
 */
final class JsonProblems {

  private JsonProblems() {}

  static Problem of(HttpMessageNotReadableException e) {
    // What the body's stream threw, Jackson has wrapped.
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof Problem problem) {
        return problem;
      }
    }
    return switch (e.getCause()) {
      case UnrecognizedPropertyException unknown ->
          Problems.badRequest("unknown-field", "Unknown field " + path(unknown))
              .with("errors", List.of(new FieldError(path(unknown), "is not known")));
      case MismatchedInputException mismatch when mismatch.getPath().isEmpty() ->
          mismatch.getCurrentToken() == null
              ? missingBody()
              : Problems.badRequest(
                  "malformed-json", "The body " + ExpectedType.of(mismatch.getTargetType()));
      case MismatchedInputException mismatch ->
          Problems.invalidField(path(mismatch), ExpectedType.of(mismatch.getTargetType()));
      case StreamConstraintsException _ ->
          Problems.badRequest("malformed-json", "The JSON exceeds a limit of size or depth.");
      case InputCoercionException number when !number.getPath().isEmpty() ->
          Problems.invalidField(
              path(number), ExpectedType.of(number.getTargetType()) + " within its range");
      case StreamReadException malformed ->
          Problems.badRequest("malformed-json", "Malformed JSON" + at(malformed.getLocation()));
      case DatabindException refused when !refused.getPath().isEmpty() ->
          Problems.invalidField(path(refused), "is not valid");
      case JacksonException _ ->
          Problems.badRequest("malformed-json", "The body could not be read.");
      case null -> missingBody();
      default -> Problems.badRequest("unreadable-body", "The body could not be read.");
    };
  }

  private static Problem missingBody() {
    return Problems.badRequest("missing-body", "The request needs a body.");
  }

  /** {@code items[2].title}. */
  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (Reference step : e.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  private static String at(TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? "."
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr() + ".";
  }
}
