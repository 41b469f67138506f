package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.ShutdownBudget;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service stops.
 *
 * @param enabled Whether the library takes part in shutdown at all. Off leaves Spring Boot's own
 *     graceful shutdown, e.g. to compare the two.
 * @param stopTimeout Time from SIGTERM to SIGKILL, the same value as stopTimeout in the ECS task
 *     definition and stop_grace_period in docker-compose. 30s is what ECS does without a setting.
 *     At most 120s, Fargate's maximum.
 * @param safetyMargin Part of stop-timeout that the drain leaves for closing clients and ending the
 *     JVM. 5s, since closing pools and a busy machine take seconds, not milliseconds.
 * @param lameDuck Longest time to go on serving after readiness turned off, so that the balancer
 *     takes notice before connections are refused. 5s covers the tail of ALB deregistration of a
 *     deployment, where ECS deregisters before it sends SIGTERM. 0s switches it off. It only takes
 *     place when the JVM ends, never when a test closes a context.
 * @param lameDuckQuiet The lame duck ends early once no request arrived for that long, and for
 *     three times the usual gap between requests. 1s: a busy target that got nothing for a second
 *     is no longer in rotation, an idle one has nothing to lose.
 * @param flushReserve Time before the deadline at which waiting for requests, messages and workers
 *     ends, so that buffers can still be flushed. 3s is room for one retried call.
 * @param probePaths Requests to these paths and below don't count as traffic, since health checks
 *     go on as long as the process lives.
 * @param sqs How SQS listeners stop.
 */
@ConfigurationProperties("backline.shutdown")
record GracefulShutdownProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("30s") Duration stopTimeout,
    @DefaultValue("5s") Duration safetyMargin,
    @DefaultValue("5s") Duration lameDuck,
    @DefaultValue("1s") Duration lameDuckQuiet,
    @DefaultValue("3s") Duration flushReserve,
    @DefaultValue({"/livez", "/readyz", "/actuator"}) List<String> probePaths,
    @DefaultValue Sqs sqs) {

  /**
   * How SQS listeners stop.
   *
   * @param immediateAcknowledgement Whether each handled message is deleted at once rather than in
   *     batches. On, because what is deleted is not delivered again when the process is killed; a
   *     stop flushes batches too.
   * @param pollTimeout Long-poll time where neither spring.cloud.aws.sqs.listener.poll-timeout, nor
   *     an annotation, nor code sets another. A stop waits for the last poll, so this is what an
   *     idle queue adds to it; 3s and the 2 s that the SDK's Netty client takes to close stay below
   *     7s. It costs 0.9 million calls per month, queue and task.
   */
  record Sqs(
      @DefaultValue("true") boolean immediateAcknowledgement,
      @DefaultValue("3s") Duration pollTimeout) {}

  ShutdownBudget budget() {
    return new ShutdownBudget(stopTimeout, safetyMargin, lameDuck, lameDuckQuiet, flushReserve);
  }
}
