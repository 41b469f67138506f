package dev.backline.deployment;

import dev.backline.deployment.Settings.Setting;
import dev.backline.gracefulshutdown.InvalidShutdownBudgetException;
import dev.backline.gracefulshutdown.ShutdownBudget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The numbers of one service's settings that have to do with stopping. */
final class StopNumbers {

  private static final String KEEP_ALIVE = "server.tomcat.keep-alive-timeout";
  private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

  private StopNumbers() {}

  static void check(Service service, Templates templates, List<String> violations) {
    for (Settings settings : service.variants()) {
      checkBudget(settings, violations);
      checkKeepAlive(settings, templates.longestIdleTimeout(), violations);
    }
  }

  static Setting stopTimeout(Settings settings) {
    return settings.shutdown("stop-timeout");
  }

  /**
   * The longest time that a request or a message may go on for after SIGTERM; empty where the
   * budget itself does not fit.
   */
  static Optional<Duration> drain(Settings settings) {
    try {
      return Optional.of(budget(settings).drain());
    } catch (InvalidShutdownBudgetException e) {
      return Optional.empty();
    }
  }

  private static ShutdownBudget budget(Settings settings) {
    return new ShutdownBudget(
        stopTimeout(settings).value(),
        settings.shutdown("safety-margin").value(),
        settings.shutdown("lame-duck").value(),
        settings.shutdown("lame-duck-quiet").value(),
        settings.shutdown("flush-reserve").value());
  }

  private static void checkBudget(Settings settings, List<String> violations) {
    ShutdownBudget budget;
    try {
      budget = budget(settings);
      Optional<Setting> phase = settings.number(PHASE_TIMEOUT).filter(Setting::isWritten);
      if (phase.isPresent()) {
        budget.requireFitsAfterLameDuck(PHASE_TIMEOUT, phase.get().value());
      }
    } catch (InvalidShutdownBudgetException e) {
      violations.add("%s: %s %s".formatted(settings.file(), e.getMessage(), e.action()));
      return;
    }
    Setting margin = settings.shutdown("safety-margin");
    if (margin.value().isZero()) {
      violations.add(
          "%s: %s leaves no time between the drain and SIGKILL, both %s after SIGTERM. Set it to e.g. 5s."
              .formatted(margin.file(), margin, ShutdownBudget.text(budget.total())));
    }
    for (Setting listening : settings.named(StopNumbers::isWaitedForByAStop)) {
      if (listening.value().compareTo(budget.drain()) > 0) {
        violations.add(
            "%s: %s is longer than the %s in which messages have to end (stop-timeout minus safety-margin minus flush-reserve). Set it to %s or less."
                .formatted(
                    listening.file(),
                    listening,
                    ShutdownBudget.text(budget.drain()),
                    ShutdownBudget.text(budget.drain())));
      }
    }
  }

  private static boolean isWaitedForByAStop(String name) {
    return name.endsWith("polltimeout")
        || name.endsWith("listenershutdowntimeout")
        || name.endsWith("acknowledgementshutdowntimeout");
  }

  private static void checkKeepAlive(
      Settings settings, IdleTimeout balancer, List<String> violations) {
    Optional<Setting> keepAlive = settings.number(KEEP_ALIVE);
    String longer = ShutdownBudget.text(balancer.value().plusSeconds(5));
    if (keepAlive.isEmpty()) {
      violations.add(
          "%s: %s is not set, and what the server does without it is shorter than the balancer's idle timeout of %s (%s). Set it to %s."
              .formatted(
                  settings.file(),
                  KEEP_ALIVE,
                  ShutdownBudget.text(balancer.value()),
                  balancer.file(),
                  longer));
    } else if (keepAlive.get().value().compareTo(balancer.value()) <= 0) {
      violations.add(
          "%s: %s is not longer than the balancer's idle timeout of %s (%s), which would reuse a connection that was just closed. Set it to %s."
              .formatted(
                  keepAlive.get().file(),
                  keepAlive.get(),
                  ShutdownBudget.text(balancer.value()),
                  balancer.file(),
                  longer));
    }
  }

  /**
   * How long a balancer keeps a connection that nobody uses.
   *
   * @param file where that is written
   */
  record IdleTimeout(Duration value, String file) {}
}
