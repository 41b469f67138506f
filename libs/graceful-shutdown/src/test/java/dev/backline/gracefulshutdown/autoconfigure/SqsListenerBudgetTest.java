package dev.backline.gracefulshutdown.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.CredentialsProviderAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.RegionProviderAutoConfiguration;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.awspring.cloud.sqs.listener.SqsContainerOptions;
import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.DefaultLifecycleProcessor;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

class SqsListenerBudgetTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  GracefulShutdownAutoConfiguration.class,
                  SqsAutoConfiguration.class,
                  AwsAutoConfiguration.class,
                  CredentialsProviderAutoConfiguration.class,
                  RegionProviderAutoConfiguration.class))
          .withPropertyValues(
              "spring.cloud.aws.region.static=ap-northeast-2",
              "spring.cloud.aws.credentials.access-key=test",
              "spring.cloud.aws.credentials.secret-key=test",
              // Nobody polls here: what matters is decided before.
              "spring.cloud.aws.sqs.listener.auto-startup=false")
          .withBean("lifecycleProcessor", DefaultLifecycleProcessor.class);

  @Test
  void aListenerWithDefaultsStopsWithinTheBudgetAndBuffersNoAcknowledgements() {
    runner
        .withBean(Clicks.class)
        .run(
            context -> {
              SqsContainerOptions options = options(context, "clicks");
              assertThat(options.getListenerShutdownTimeout()).hasMillis(23_500);
              assertThat(options.getAcknowledgementShutdownTimeout()).hasMillis(1500);
              assertThat(options.getAcknowledgementInterval()).isSameAs(Duration.ZERO);
              assertThat(options.getAcknowledgementThreshold()).isZero();
              assertThat(options.getPollTimeout()).hasSeconds(3);
            });
  }

  @Test
  void theOneTimeoutThatTheTeamChoseIsKeptAndTheOtherIsFittedToIt() {
    withOwnContainer(options -> options.listenerShutdownTimeout(Duration.ofSeconds(24)))
        .run(
            context -> {
              SqsContainerOptions options = ownOptions(context);
              assertThat(options.getListenerShutdownTimeout()).hasSeconds(24);
              assertThat(options.getAcknowledgementShutdownTimeout()).hasSeconds(1);
            });
    withOwnContainer(options -> options.acknowledgementShutdownTimeout(Duration.ofSeconds(10)))
        .run(
            context -> {
              SqsContainerOptions options = ownOptions(context);
              assertThat(options.getListenerShutdownTimeout()).hasSeconds(15);
              assertThat(options.getAcknowledgementShutdownTimeout()).hasSeconds(10);
            });
  }

  @Test
  void timeoutsOfTheTeamThatDoNotFitStopTheStartAndSayWhatToChange() {
    withOwnContainer(
            options ->
                options
                    .listenerShutdownTimeout(Duration.ofSeconds(40))
                    .acknowledgementShutdownTimeout(Duration.ofSeconds(4)))
        .run(
            context -> {
              FailureAnalysis analysis = analysis(context);
              assertThat(analysis.getDescription())
                  .contains(
                      "listenerShutdownTimeout of the SQS listener own=40s is longer than the 21s"
                          + " it has of the deadline of 25s");
              assertThat(analysis.getAction())
                  .contains("Set it to 21s or less")
                  .contains("stop-timeout and ECS's stopTimeout to 49s or more");
            });
    withOwnContainer(options -> options.acknowledgementShutdownTimeout(Duration.ofSeconds(26)))
        .run(
            context ->
                assertThat(analysis(context).getDescription())
                    .contains("acknowledgementShutdownTimeout of the SQS listener own=26s"));
  }

  @Test
  void aPollThatWouldOutlastTheDrainStopsTheStart() {
    runner
        .withBean(LongPolling.class)
        .withPropertyValues("backline.shutdown.stop-timeout=20s")
        .run(
            context -> {
              FailureAnalysis analysis = analysis(context);
              assertThat(analysis.getDescription())
                  .contains("pollTimeout of the SQS listener patient=20s")
                  .contains("longer than the 12s");
              assertThat(analysis.getAction()).contains("Set it to 12s or less");
            });
  }

  @Test
  void whatTheTeamChoseAndWhatFitsIsKept() {
    runner
        .withBean(LongPolling.class)
        .withPropertyValues("backline.shutdown.sqs.immediate-acknowledgement=false")
        .run(
            context -> {
              SqsContainerOptions options = options(context, "patient");
              assertThat(options.getPollTimeout()).hasSeconds(20);
              assertThat(options.getAcknowledgementInterval()).isNull();
            });
    runner
        .withBean(Clicks.class)
        .withPropertyValues("spring.cloud.aws.sqs.listener.poll-timeout=10s")
        .run(context -> assertThat(options(context, "clicks").getPollTimeout()).hasSeconds(10));
  }

  @Test
  void theLibrarysOwnPollTimeoutShrinksWithTheDrain() {
    runner
        .withBean(Clicks.class)
        .withPropertyValues(
            "backline.shutdown.stop-timeout=7s",
            "backline.shutdown.safety-margin=2s",
            "backline.shutdown.lame-duck=1s")
        .run(context -> assertThat(options(context, "clicks").getPollTimeout()).hasSeconds(2));
  }

  @Test
  void aContainerMadeWhileTheServiceRunsIsFittedToo() {
    runner.run(
        context -> {
          SqsMessageListenerContainerFactory<?> factory =
              context.getBean(SqsMessageListenerContainerFactory.class);
          assertThat(
                  factory
                      .createContainer("later")
                      .getContainerOptions()
                      .getListenerShutdownTimeout())
              .hasMillis(23_500);
        });
  }

  private ApplicationContextRunner withOwnContainer(Consumer<SqsContainerOptionsBuilder> options) {
    return runner.withBean(
        SqsMessageListenerContainer.class,
        () ->
            SqsMessageListenerContainer.builder()
                .id("own")
                .queueNames("own")
                .sqsAsyncClient(
                    SqsAsyncClient.builder()
                        .region(Region.AP_NORTHEAST_2)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build())
                .messageListener(message -> {})
                .configure(builder -> options.accept(builder.autoStartup(false)))
                .build());
  }

  private static FailureAnalysis analysis(AssertableApplicationContext context) {
    assertThat(context).hasFailed();
    return requireNonNull(
        new InvalidShutdownBudgetFailureAnalyzer()
            .analyze(requireNonNull(context.getStartupFailure())));
  }

  private static SqsContainerOptions ownOptions(AssertableApplicationContext context) {
    SqsMessageListenerContainer<?> container = context.getBean(SqsMessageListenerContainer.class);
    return container.getContainerOptions();
  }

  private static SqsContainerOptions options(AssertableApplicationContext context, String id) {
    return ((SqsMessageListenerContainer<?>)
            requireNonNull(
                context.getBean(MessageListenerContainerRegistry.class).getContainerById(id)))
        .getContainerOptions();
  }

  static class Clicks {

    @SqsListener(value = "clicks", id = "clicks")
    void handle(String body) {}
  }

  static class LongPolling {

    @SqsListener(value = "patient", id = "patient", pollTimeoutSeconds = "20")
    void handle(String body) {}
  }
}
