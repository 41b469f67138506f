package dev.backline.beapi.input.web;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.servicedefaults.Problems;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidInputAdvice {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(InvalidInput refusal) {
    return Answers.of(Problems.invalidField(refusal.field(), refusal.detail()));
  }
}
