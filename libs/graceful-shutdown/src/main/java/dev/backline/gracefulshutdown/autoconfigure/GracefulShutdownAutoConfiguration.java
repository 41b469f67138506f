package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.ShutdownBudget;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.WorkInFlight;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationHandler;
import jakarta.servlet.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** Drains the service within one deadline when the process is told to stop. */
@AutoConfiguration(
    afterName = {
      "io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
public class GracefulShutdownAutoConfiguration {

  private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @EnableConfigurationProperties(GracefulShutdownProperties.class)
  static class Enabled {

    @Bean
    Shutdown backlineShutdown(GracefulShutdownProperties properties, Environment environment) {
      ShutdownBudget budget = properties.budget();
      Duration phaseTimeout =
          Binder.get(environment).bind(PHASE_TIMEOUT, Duration.class).orElse(null);
      if (phaseTimeout != null) {
        budget.requireFitsAfterLameDuck(PHASE_TIMEOUT, phaseTimeout);
      }
      return new Shutdown(budget);
    }

    @Bean
    @ConditionalOnMissingBean(value = ShutdownSignal.class, search = SearchStrategy.CURRENT)
    ProcessExit backlineProcessExit(ConfigurableApplicationContext context, Shutdown shutdown) {
      return new ProcessExit(context, shutdown);
    }

    @Bean
    ShutdownStart backlineShutdownStart(
        ApplicationContext context,
        Shutdown shutdown,
        ShutdownSignal signal,
        ObjectProvider<Serving> serving) {
      return new ShutdownStart(context, shutdown, signal, serving.getIfAvailable());
    }

    @Bean
    DrainLifecycle backlineDrainLifecycle(
        ApplicationContext context,
        Shutdown shutdown,
        ObjectProvider<DrainableWork> works,
        ObjectProvider<ShutdownMetrics> metrics) {
      List<Consumer<ShutdownReport>> readers = new ArrayList<>(metrics.stream().toList());
      readers.add(new ReportLog());
      return new DrainLifecycle(new PhaseTimeouts(context), shutdown, works, readers);
    }

    @Bean
    static SpringTasks.Executors backlineExecutors() {
      return new SpringTasks.Executors();
    }

    @Bean
    SpringTasks backlineSpringTasks(SpringTasks.Executors executors) {
      return new SpringTasks(executors);
    }
  }

  /** Whoever asks for the deadline gets an answer also where the library is switched off. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", havingValue = false)
  static class Disabled {

    @Bean
    @ConditionalOnMissingBean
    ShutdownDeadline backlineShutdownDeadline() {
      return Optional::empty;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass({Filter.class, WebServerApplicationContext.class, WebMvcConfigurer.class})
  static class Web {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    RequestActivity backlineRequestActivity() {
      return new RequestActivity();
    }

    @Bean
    EventStreams backlineEventStreams(Shutdown shutdown) {
      return new EventStreams(shutdown);
    }

    @Bean
    Serving backlineServing(
        ApplicationContext context, RequestActivity requests, EventStreams streams) {
      return new WebServing(context, requests, streams);
    }

    @Bean
    FilterRegistrationBean<ConnectionCloseFilter> backlineConnectionCloseFilter(
        Shutdown shutdown, RequestActivity activity, GracefulShutdownProperties properties) {
      var registration =
          new FilterRegistrationBean<>(
              new ConnectionCloseFilter(shutdown, activity, properties.probePaths()));
      registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
      registration.setAsyncSupported(true);
      return registration;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnClass({ObservationHandler.class, ScheduledTaskHolder.class})
  static class Scheduling {

    @Bean
    ScheduledTasks backlineScheduledTasks(ObjectProvider<ScheduledTaskHolder> holders) {
      return new ScheduledTasks(holders);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnClass(MeterRegistry.class)
  static class Metrics {

    @Bean
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    ShutdownMetrics backlineShutdownMetrics(MeterRegistry registry) {
      return new ShutdownMetrics(registry);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
  static class Actuator {

    @Bean
    @ConditionalOnAvailableEndpoint
    DrainPlanEndpoint backlineDrainPlanEndpoint(Shutdown shutdown) {
      return new DrainPlanEndpoint(shutdown);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnClass(SqsAsyncClient.class)
  static class SqsCalls {

    @Bean
    static AsyncSqsCalls backlineAsyncSqsCalls() {
      return new AsyncSqsCalls();
    }

    /** No candidate where a team injects a {@link WorkInFlight} of its own. */
    @Bean
    @Fallback
    WorkInFlight backlineSqsCallsInFlight(AsyncSqsCalls sqs) {
      return sqs.calls();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnClass(SqsMessageListenerContainerFactory.class)
  static class Sqs {

    @Bean
    SqsIntake backlineSqsIntake(
        ApplicationContext context,
        Shutdown shutdown,
        ObjectProvider<MessageListenerContainerRegistry> registries,
        ObjectProvider<MessageListenerContainer<?>> containers) {
      return new SqsIntake(
          context, shutdown::begun, () -> SqsListenerPreparation.all(registries, containers));
    }

    @Bean
    SqsListenerPreparation backlineSqsListenerPreparation(
        SqsIntake intake,
        GracefulShutdownProperties properties,
        Environment environment,
        ObjectProvider<MessageListenerContainerRegistry> registries,
        ObjectProvider<MessageListenerContainer<?>> containers,
        ObjectProvider<SqsMessageListenerContainerFactory<?>> factories) {
      boolean teamHasChosen =
          environment.containsProperty("spring.cloud.aws.sqs.listener.poll-timeout");
      var budget =
          new SqsListenerBudget(
              properties.budget(),
              properties.sqs().immediateAcknowledgement(),
              teamHasChosen ? null : properties.sqs().pollTimeout());
      return new SqsListenerPreparation(
          intake, budget, () -> SqsListenerPreparation.all(registries, containers), factories);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnBooleanProperty("backline.shutdown.scale-in-protection.enabled")
  @ConditionalOnProperty("ECS_AGENT_URI")
  @ConditionalOnClass(SqsMessageListenerContainerFactory.class)
  @EnableConfigurationProperties(ScaleInProtectionProperties.class)
  static class Ecs {

    @Bean
    EcsAgent backlineEcsAgent(@Value("${ECS_AGENT_URI}") String agentUri) {
      return new EcsAgent(agentUri);
    }

    @Bean
    ScaleInProtection backlineScaleInProtection(
        EcsAgent agent, ScaleInProtectionProperties properties, SqsIntake sqs) {
      return new ScaleInProtection(agent, properties, sqs::longestHandling);
    }
  }
}
