package dev.backline.localcloud.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until a server answers. */
final class Patience {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Patience() {}

  static final class ExhaustedException extends Exception {}

  static void await(BooleanSupplier answers, BooleanSupplier alive) throws ExhaustedException {
    var deadline = System.nanoTime() + LIMIT.toNanos();
    while (!answers.getAsBoolean()) {
      if (!alive.getAsBoolean() || System.nanoTime() - deadline > 0) {
        throw new ExhaustedException();
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ExhaustedException();
      }
    }
  }
}
