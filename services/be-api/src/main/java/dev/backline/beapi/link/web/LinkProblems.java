package dev.backline.beapi.link.web;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.link.LinkCode;
import dev.backline.beapi.link.LinkProblem;
import dev.backline.beapi.link.RefusedTarget;
import dev.backline.servicedefaults.Problem;
import dev.backline.servicedefaults.Problems;
import java.time.Duration;

/** How refusals are told to clients, the same for one link and for a line of an import. */
final class LinkProblems {

  private LinkProblems() {}

  /** Reads the code of a path; one that cannot exist is not found. */
  static LinkCode code(String text) {
    return LinkCode.find(text).orElseThrow(LinkProblems::notFound);
  }

  static Problem of(RefusedTarget refusal) {
    return Problems.badRequest("target-refused", refusal.reason().detail())
        .with("reason", refusal.reason().code());
  }

  static Problem of(LinkProblem problem) {
    return switch (problem.kind()) {
      case NOT_FOUND -> notFound();
      case CODE_TAKEN -> Problems.conflict("code-taken", "A link with this code exists already.");
      case DELETED ->
          Problems.gone("link-deleted", "The link was deleted. Its code is not given out again.");
      case VERSION_STALE ->
          Problems.preconditionFailed(
              "version-stale",
              "The link has changed since you read it. Read it again, then repeat the change.");
      case KEY_REUSED ->
          Problems.unprocessable(
              "idempotency-key-reused",
              "The Idempotency-Key was used before for a different request.");
      case NO_FREE_CODE, BUSY -> Problems.unavailable(Duration.ofSeconds(1), problem);
    };
  }

  /** Any error of a line; what is not a refusal may succeed when it is tried again. */
  static Problem of(RuntimeException error) {
    return switch (error) {
      case InvalidInput refusal -> Problems.invalidField(refusal.field(), refusal.detail());
      case RefusedTarget refusal -> of(refusal);
      case LinkProblem problem -> of(problem);
      default -> Problems.unavailable(Duration.ofSeconds(1), error);
    };
  }

  private static Problem notFound() {
    return Problems.notFound("link-not-found", "You have no link with this code.");
  }
}
