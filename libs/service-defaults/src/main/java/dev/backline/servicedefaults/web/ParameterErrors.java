package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.Problems.FieldError;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.annotation.HandlerMethodValidationException;

/** Names the parameters and fields that method validation refused as the client knows them. */
final class ParameterErrors {

  private static final Set<Class<?>> NAMING =
      Set.of(RequestParam.class, PathVariable.class, RequestHeader.class);

  private ParameterErrors() {}

  static List<FieldError> of(HandlerMethodValidationException e) {
    return e.getParameterValidationResults().stream().flatMap(ParameterErrors::of).toList();
  }

  private static Stream<FieldError> of(ParameterValidationResult result) {
    return result.getResolvableErrors().stream()
        .map(
            error ->
                new FieldError(
                    error instanceof org.springframework.validation.FieldError field
                        ? field.getField()
                        : name(result.getMethodParameter()),
                    message(error)));
  }

  private static String name(MethodParameter parameter) {
    String name =
        Arrays.stream(parameter.getParameterAnnotations())
            .filter(annotation -> NAMING.contains(annotation.annotationType()))
            .map(annotation -> Objects.toString(AnnotationUtils.getValue(annotation, "name"), ""))
            .filter(given -> !given.isEmpty())
            .findFirst()
            .orElseGet(parameter::getParameterName);
    return name == null ? "parameter" : name;
  }

  private static String message(MessageSourceResolvable error) {
    String message = error.getDefaultMessage();
    return message == null ? "is not valid" : message;
  }
}
