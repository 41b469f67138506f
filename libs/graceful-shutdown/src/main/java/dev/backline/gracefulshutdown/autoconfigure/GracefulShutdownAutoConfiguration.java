package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.Intake;
import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import jakarta.servlet.Filter;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Drains the service within one deadline when the process is told to stop. */
@AutoConfiguration(afterName = "io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration")
public class GracefulShutdownAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @EnableConfigurationProperties(GracefulShutdownProperties.class)
  static class Enabled {

    @Bean
    Shutdown backlineShutdown(GracefulShutdownProperties properties) {
      return new Shutdown(properties.budget());
    }

    @Bean
    @ConditionalOnMissingBean
    ShutdownSignal backlineShutdownSignal() {
      return ShutdownSignal::jvmIsEnding;
    }

    @Bean
    ShutdownStart backlineShutdownStart(
        ApplicationContext context,
        Shutdown shutdown,
        ShutdownSignal signal,
        ObjectProvider<Intake> intakes,
        ObjectProvider<RequestActivity> requests,
        ObjectProvider<ServingContext> serving) {
      Predicate<ApplicationContext> serves =
          candidate -> serving.stream().anyMatch(test -> test.test(candidate));
      return new ShutdownStart(
          context, shutdown, signal, intakes, requests.getIfAvailable(), serves);
    }

    @Bean
    DrainLifecycle backlineDrainLifecycle(
        ApplicationContext context,
        Shutdown shutdown,
        ObjectProvider<DrainableWork> works,
        ObjectProvider<RequestActivity> requests) {
      return new DrainLifecycle(
          new PhaseTimeouts(context), shutdown, works, requests.getIfAvailable());
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

  interface ServingContext extends Predicate<ApplicationContext> {}

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty(name = "backline.shutdown.enabled", matchIfMissing = true)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass({Filter.class, WebServerApplicationContext.class})
  static class Web {

    @Bean
    RequestActivity backlineRequestActivity() {
      return new RequestActivity();
    }

    @Bean
    ServingContext backlineServingContext() {
      return context ->
          context instanceof WebServerApplicationContext web && web.getWebServer() != null;
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
  @ConditionalOnClass(SqsMessageListenerContainerFactory.class)
  static class Sqs {

    // A post-processor is made before ordinary beans, so it binds what it needs by itself.
    @Bean
    static SqsListenerBudget backlineSqsListenerBudget(Environment environment) {
      GracefulShutdownProperties properties =
          Binder.get(environment)
              .bindOrCreate("backline.shutdown", GracefulShutdownProperties.class);
      boolean teamHasChosen =
          environment.containsProperty("spring.cloud.aws.sqs.listener.poll-timeout");
      return new SqsListenerBudget(
          properties.budget(),
          properties.sqs().immediateAcknowledgement(),
          teamHasChosen ? null : properties.sqs().pollTimeout());
    }

    @Bean
    SqsIntake backlineSqsIntake(
        ObjectProvider<MessageListenerContainerRegistry> registry,
        ObjectProvider<MessageListenerContainer<?>> containers) {
      return new SqsIntake(registry, containers);
    }
  }
}
