package dev.backline.beapi.input.web;

import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.ProblemWriter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Turns problems into answers. */
public final class Answers {

  private Answers() {}

  public static ResponseEntity<ProblemDetail> of(Problem problem) {
    return ResponseEntity.status(problem.getStatusCode())
        .headers(problem.getHeaders())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(ProblemWriter.traced(problem.getBody()));
  }
}
