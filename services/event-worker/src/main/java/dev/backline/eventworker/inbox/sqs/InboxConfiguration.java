package dev.backline.eventworker.inbox.sqs;

import dev.backline.eventworker.inbox.InboxProperties;
import dev.backline.eventworker.inbox.IntakeGate;
import dev.backline.xraytracing.TraceContext;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.QueueNotFoundStrategy;
import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandlerFactories;
import io.awspring.cloud.sqs.listener.errorhandler.ExponentialBackoffErrorHandler;
import io.awspring.cloud.sqs.listener.errorhandler.Jitter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

@Configuration(proxyBeanMethods = false)
class InboxConfiguration {

  private static final Duration BETWEEN_LOOKS_AT_THE_GATE = Duration.ofSeconds(1);
  private static final double RETRY_DELAY_FACTOR = 4;

  @Bean
  IntakeGate intakeGate(
      InboxProperties properties, BooleanSupplier writeProbe, MeterRegistry meters) {
    IntakeGate gate =
        new IntakeGate(
            properties.firstProbeDelay(),
            properties.longestProbeDelay(),
            writeProbe,
            System::nanoTime);
    Gauge.builder("messages.intake.open", gate, g -> g.isShut() ? 0 : 1)
        .description("0 while no messages are received because DynamoDB takes no writes")
        .register(meters);
    return gate;
  }

  @Bean
  Inbox inbox(
      SqsAsyncClient sqs,
      IntakeGate gate,
      TraceContext traces,
      InboxProperties properties,
      MeterRegistry meters) {
    return new Inbox(new DeadLetters(sqs, meters), gate, traces, properties);
  }

  @Bean
  SqsMessageListenerContainerFactory<Object> inboxListeners(
      SqsAsyncClient sqs, IntakeGate gate, InboxProperties properties) {
    return SqsMessageListenerContainerFactory.builder()
        .sqsAsyncClient(sqs)
        .errorHandler(
            ExponentialBackoffErrorHandler.builder()
                .initialVisibilityTimeoutSeconds((int) properties.firstRetryDelay().toSeconds())
                .multiplier(RETRY_DELAY_FACTOR)
                .maxVisibilityTimeoutSeconds((int) properties.longestRetryDelay().toSeconds())
                .jitter(Jitter.HALF)
                .build())
        .configure(options -> configure(options, gate, properties))
        .build();
  }

  private static void configure(
      SqsContainerOptionsBuilder options, IntakeGate gate, InboxProperties properties) {
    options
        .queueNotFoundStrategy(QueueNotFoundStrategy.FAIL)
        .messageConverter(new SafeMessageConverter())
        .messageSystemAttributeNames(
            List.of(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                MessageSystemAttributeName.AWS_TRACE_HEADER))
        .maxConcurrentMessages(properties.concurrency())
        .maxMessagesPerPoll(properties.concurrency())
        .pollTimeout(properties.pollTimeout())
        .maxDelayBetweenPolls(BETWEEN_LOOKS_AT_THE_GATE)
        // Immediately: up to 4.1.0 acknowledgements that wait for a batch are lost at a stop
        // (spring-cloud-aws #925, #1661). The interval is compared by identity.
        .acknowledgementInterval(Duration.ZERO)
        .acknowledgementThreshold(0)
        // The gate comes first: a handler that is asked after a grant of the limiter would have to
        // be told that its grant was not used.
        .backPressureHandlerFactory(
            BackPressureHandlerFactories.compositeBackPressureHandler(
                ignored -> new GatedPolling(gate),
                BackPressureHandlerFactories.concurrencyLimiterBackPressureHandler()));
  }
}
