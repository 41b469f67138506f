package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.InvalidShutdownBudgetException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

final class InvalidShutdownBudgetFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidShutdownBudgetException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidShutdownBudgetException cause) {
    return new FailureAnalysis(
        "The time to shut down does not add up: " + cause.getMessage(), cause.action(), cause);
  }
}
