package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.InvalidShutdownBudgetException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Task scale-in protection: ECS stops no task whose message takes long, neither when it scales in
 * nor when it deploys.
 *
 * @param enabled Whether the task is protected. Off by default: it needs the task role's permission
 *     for ecs:UpdateTaskProtection, and a deployment waits for protected tasks.
 * @param after How long a message has to be handled before the task is protected. 10s: what ends
 *     sooner ends within the drain anyway, and ECS throttles these calls per account.
 * @param expiresIn How long one call protects, whole minutes from 1m to 48h; renewed at half of it.
 *     10m, so that a task that hangs does not stay for the two hours that are ECS's default.
 */
@ConfigurationProperties("backline.shutdown.scale-in-protection")
record ScaleInProtectionProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("10s") Duration after,
    @DefaultValue("10m") Duration expiresIn) {

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(2);

  ScaleInProtectionProperties {
    if (after.isNegative()) {
      throw InvalidShutdownBudgetException.of(
          "backline.shutdown.scale-in-protection.after",
          after,
          "is negative",
          "Set it to zero or a positive duration.");
    }
    if (expiresIn.compareTo(SHORTEST) < 0 || expiresIn.compareTo(LONGEST) > 0) {
      throw InvalidShutdownBudgetException.of(
          "backline.shutdown.scale-in-protection.expires-in",
          expiresIn,
          "is not what ECS accepts",
          "Set it to a duration from 1m to 48h.");
    }
  }
}
