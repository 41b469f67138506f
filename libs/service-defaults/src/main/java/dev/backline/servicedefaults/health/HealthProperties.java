package dev.backline.servicedefaults.health;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What readiness asks for.
 *
 * @param timeout Longest time of one check. A balancer's probe gives up after a few seconds; the
 *     check has to tell before.
 * @param optional Names (dynamoDb, sqs, redis, db) of what the service can do without: without it
 *     it is DEGRADED (HTTP 200), not DOWN. Empty by default, since that something can be missed has
 *     to be built, and proven.
 * @param dynamodbTables Tables that must answer DescribeTable as usable. None, no check.
 * @param sqsQueues Names of queues that must answer GetQueueUrl. None, no check.
 */
@ConfigurationProperties("backline.health")
record HealthProperties(
    @DefaultValue("1s") Duration timeout,
    @DefaultValue({}) List<String> optional,
    @DefaultValue({}) List<String> dynamodbTables,
    @DefaultValue({}) List<String> sqsQueues) {

  private static final Set<String> NAMES = Set.of("dynamoDb", "sqs", "redis", "db");

  HealthProperties {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be positive but is " + timeout);
    }
    for (String name : optional) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "optional may name " + NAMES.stream().sorted().toList() + ", not \"" + name + '"');
      }
    }
  }

  DependencyHealth dependency(String name, DependencyHealth.Check check) {
    return new DependencyHealth(name, timeout, optional.contains(name), check);
  }
}
