package dev.backline.xraytracing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.xray.AWSXRayRecorder;
import io.awspring.cloud.autoconfigure.dynamodb.DynamoDbClientCustomizer;
import io.awspring.cloud.autoconfigure.sns.SnsClientCustomizer;
import io.awspring.cloud.autoconfigure.sqs.SqsAsyncClientCustomizer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

class XRayTracingAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(XRayTracingAutoConfiguration.class));

  @Test
  void switchedOffWorkStillRunsButNothingIsTraced() {
    runner
        .withPropertyValues("backline.tracing.enabled=false")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(AWSXRayRecorder.class);
              TraceContext traces = context.getBean(TraceContext.class);
              assertThat(traces.continueFrom(null, "clicks", () -> 42)).isEqualTo(42);
              traces.run(null, "clicks", () -> assertThat(MDC.get("traceId")).isNull());
              assertThat(traces.currentHeader()).isEmpty();
            });
  }

  @Test
  void aDaemonThatIsAbsentDoesNotDisturbTheWork() {
    runner
        .withPropertyValues(
            "backline.tracing.sampling-rate=1", "backline.tracing.daemon-address=127.0.0.1:9")
        .run(
            context -> {
              TraceContext traces = context.getBean(TraceContext.class);
              for (int i = 0; i < 100; i++) {
                assertThat(traces.continueFrom(null, "clicks", () -> 42)).isEqualTo(42);
              }
            });
  }

  @Test
  void aDaemonWithoutAnAddressIsCountedAsLoss() {
    runner
        .withPropertyValues(
            "backline.tracing.sampling-rate=1", "backline.tracing.daemon-address=no.invalid:2000")
        .run(
            context -> {
              context.getBean(TraceContext.class).run(null, "clicks", () -> {});
              assertThat(context.getBean(DaemonEmitter.class).lost()).isEqualTo(1);
            });
  }

  @Test
  void awsClientsAreTracedWithoutLosingWhatOthersConfigured() {
    runner.run(
        context -> {
          assertThat(context).hasSingleBean(SqsAsyncClientCustomizer.class);
          assertThat(context).hasSingleBean(SnsClientCustomizer.class);
          DynamoDbClientBuilder builder =
              DynamoDbClient.builder()
                  .overrideConfiguration(it -> it.apiCallTimeout(Duration.ofSeconds(7)));
          context.getBean(DynamoDbClientCustomizer.class).customize(builder);
          assertThat(builder.overrideConfiguration().apiCallTimeout())
              .hasValue(Duration.ofSeconds(7));
          assertThat(builder.overrideConfiguration().executionInterceptors()).hasSize(1);
        });
  }

  @Test
  void aWebApplicationGetsTheFilterAndAnotherDoesNot() {
    runner.run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(XRayTracingAutoConfiguration.class))
        .run(context -> assertThat(context).hasSingleBean(FilterRegistrationBean.class));
  }

  @Test
  void startsWithoutSpringCloudAwsOnTheClassPath() {
    runner
        .withClassLoader(new FilteredClassLoader("io.awspring.cloud", "jakarta.servlet"))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(TraceContext.class));
  }

  @Test
  void impossibleSettingsStopTheStartAndNameTheProperty() {
    refuses("backline.tracing.sampling-rate", "1.5", "between 0 and 1");
    refuses("backline.tracing.sampling-rate", "NaN", "between 0 and 1");
    refuses("backline.tracing.reservoir", "-1", "0 or more");
    refuses("backline.tracing.daemon-address", "collector", "host:port");
  }

  private void refuses(String property, String value, String reason) {
    runner
        .withPropertyValues(property + "=" + value)
        .run(
            context ->
                assertThat(requireNonNull(context.getStartupFailure()))
                    .hasRootCauseInstanceOf(InvalidConfigurationPropertyValueException.class)
                    .rootCause()
                    .hasMessageContaining(property)
                    .hasMessageContaining(reason));
  }
}
