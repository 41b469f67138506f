package dev.backline.xraytracing;

import com.amazonaws.xray.AWSXRayRecorder;
import com.amazonaws.xray.AWSXRayRecorderBuilder;
import com.amazonaws.xray.interceptors.TracingInterceptor;
import com.amazonaws.xray.strategy.IgnoreErrorContextMissingStrategy;
import com.amazonaws.xray.strategy.sampling.AllSamplingStrategy;
import io.awspring.cloud.autoconfigure.dynamodb.DynamoDbClientCustomizer;
import io.awspring.cloud.autoconfigure.sns.SnsClientCustomizer;
import io.awspring.cloud.autoconfigure.sqs.SqsAsyncClientCustomizer;
import io.micrometer.context.ContextRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.util.EnumSet;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Traces requests, AWS calls and observations in the X-Ray format. */
@AutoConfiguration
public class XRayTracingAutoConfiguration {

  /** Before Micrometer's filter (+1) and all others that may log. */
  static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE;

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.tracing.enabled", matchIfMissing = true)
  @EnableConfigurationProperties(XRayTracingProperties.class)
  static class Enabled {

    @Bean(destroyMethod = "close")
    DaemonEmitter backlineXRayEmitter(XRayTracingProperties properties, Environment environment)
        throws IOException {
      String address = properties.daemonAddress();
      if (address == null || address.isBlank()) {
        address = environment.getProperty("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000");
      }
      try {
        return new DaemonEmitter(DaemonAddress.parse(address));
      } catch (IllegalArgumentException e) {
        throw new InvalidConfigurationPropertyValueException(
            "backline.tracing.daemon-address", address, String.valueOf(e.getMessage()));
      }
    }

    @Bean
    AWSXRayRecorder backlineXRayRecorder(DaemonEmitter emitter) {
      return AWSXRayRecorderBuilder.standard()
          .withEmitter(emitter)
          .withSegmentListener(new TraceIdInLogs())
          // We decide when a segment begins; the SDK's default would ask a daemon over TCP.
          .withSamplingStrategy(new AllSamplingStrategy())
          // Pollers and start-up code call AWS outside any segment all the time: not worth a log
          // line.
          .withContextMissingStrategy(new IgnoreErrorContextMissingStrategy())
          .build();
    }

    @Bean
    Segments backlineXRaySegments(
        AWSXRayRecorder recorder, XRayTracingProperties properties, Environment environment) {
      properties.check();
      Segments segments =
          new Segments(
              recorder,
              environment.getProperty("spring.application.name", "application"),
              new Sampler(properties.reservoir(), properties.samplingRate()));
      ContextRegistry.getInstance().registerThreadLocalAccessor(new TraceEntityAccessor(segments));
      return segments;
    }

    @Bean
    TraceContext traceContext(Segments segments) {
      return new XRayTraceContext(segments);
    }

    @Bean
    SubsegmentObservationHandler backlineSubsegmentObservationHandler(Segments segments) {
      return new SubsegmentObservationHandler(segments);
    }

    /** For AWS clients that a team builds by itself. */
    @Bean
    ExecutionInterceptor backlineXRayInterceptor(AWSXRayRecorder recorder) {
      return new TracingInterceptor(recorder, null, null);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.tracing.enabled", havingValue = false)
  static class Disabled {

    @Bean
    @ConditionalOnMissingBean
    TraceContext traceContext() {
      return new Untraced();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.tracing.enabled", matchIfMissing = true)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass(Filter.class)
  static class Web {

    @Bean
    FilterRegistrationBean<TracingFilter> backlineTracingFilter(
        Segments segments, XRayTracingProperties properties) {
      var registration =
          new FilterRegistrationBean<>(new TracingFilter(segments, properties.ignoredPaths()));
      registration.setOrder(FILTER_ORDER);
      registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
      registration.setAsyncSupported(true);
      return registration;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.tracing.enabled", matchIfMissing = true)
  @ConditionalOnClass({DynamoDbClient.class, DynamoDbClientCustomizer.class})
  static class DynamoDb {

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    DynamoDbClientCustomizer backlineDynamoDbTracing(ExecutionInterceptor backlineXRayInterceptor) {
      return builder -> trace(builder, backlineXRayInterceptor);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.tracing.enabled", matchIfMissing = true)
  @ConditionalOnClass({SqsAsyncClient.class, SqsAsyncClientCustomizer.class})
  static class Sqs {

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    SqsAsyncClientCustomizer backlineSqsTracing(ExecutionInterceptor backlineXRayInterceptor) {
      return builder -> trace(builder, backlineXRayInterceptor);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.tracing.enabled", matchIfMissing = true)
  @ConditionalOnClass({SnsClient.class, SnsClientCustomizer.class})
  static class Sns {

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    SnsClientCustomizer backlineSnsTracing(ExecutionInterceptor backlineXRayInterceptor) {
      return builder -> trace(builder, backlineXRayInterceptor);
    }
  }

  /** Adds to what others configured: setting a configuration would replace all of theirs. */
  private static void trace(SdkClientBuilder<?, ?> builder, ExecutionInterceptor interceptor) {
    builder.overrideConfiguration(
        builder.overrideConfiguration().toBuilder().addExecutionInterceptor(interceptor).build());
  }
}
