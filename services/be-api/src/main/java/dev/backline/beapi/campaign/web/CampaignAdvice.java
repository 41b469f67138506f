package dev.backline.beapi.campaign.web;

import dev.backline.beapi.campaign.CampaignProblem;
import dev.backline.beapi.input.web.Answers;
import dev.backline.servicedefaults.Problems;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class CampaignAdvice {

  static final String NOT_FOUND = "There is no such campaign.";

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refuse(CampaignProblem problem) {
    return Answers.of(
        switch (problem.kind()) {
          case NOT_FOUND -> Problems.notFound("campaign-not-found", NOT_FOUND);
          case SLUG_TAKEN ->
              Problems.conflict("campaign-exists", "A campaign with this slug exists already.");
          case CLOSED ->
              Problems.conflict(
                  "campaign-closed", "The campaign is closed and can no longer be changed.");
          case NOT_PUBLISHED ->
              Problems.conflict(
                  "campaign-not-published", "Only a published campaign can be closed.");
          case VERSION_MISSING ->
              Problems.of(
                  HttpStatus.PRECONDITION_REQUIRED,
                  "precondition-required",
                  "Send the ETag of the campaign that you have read as If-Match.");
          case VERSION_STALE ->
              Problems.preconditionFailed(
                  "version-stale",
                  "The campaign has changed since you read it. Read it again, then repeat the change.");
        });
  }
}
