package dev.backline.beapi.link.web;

import dev.backline.beapi.input.web.Answers;
import dev.backline.beapi.link.LinkProblem;
import dev.backline.beapi.link.RefusedTarget;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class LinkAdvice {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(RefusedTarget refusal) {
    return Answers.of(LinkProblems.of(refusal));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(LinkProblem problem) {
    return Answers.of(LinkProblems.of(problem));
  }
}
