package dev.backline.servicedefaults;

import dev.backline.dynamodbretry.DynamoDbRetryAutoConfiguration;
import dev.backline.dynamodbretry.RetryDeadline;
import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the clients of a service fail fast, and stop retrying when the service stops. */
@AutoConfiguration(before = DynamoDbRetryAutoConfiguration.class)
public class ClientDefaultsAutoConfiguration {

  /** Retries end with the shutdown. While nobody has asked for one there is no deadline. */
  @Bean
  @ConditionalOnMissingBean
  RetryDeadline shutdownRetryDeadline(ObjectProvider<ShutdownDeadline> shutdown) {
    RetryDeadline never = RetryDeadline.never();
    return () -> {
      ShutdownDeadline deadline = shutdown.getIfAvailable();
      return deadline == null
          ? never.remaining()
          : deadline.current().map(Deadline::remaining).orElseGet(never::remaining);
    };
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(LettuceClientOptionsBuilderCustomizer.class)
  static class Lettuce {

    /**
     * Lettuce's own behaviour is to queue commands while Redis is away, and each then waits for its
     * whole time-out. Keep alive, because a node that vanished closes no connection: the kernel
     * then finds out in half a minute, not in 15.
     */
    @Bean
    LettuceClientOptionsBuilderCustomizer failFastLettuce(Environment environment) {
      Duration connectTimeout =
          Binder.get(environment)
              .bind("spring.data.redis.connect-timeout", Duration.class)
              .orElse(SocketOptions.DEFAULT_CONNECT_TIMEOUT_DURATION);
      return options ->
          options
              .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
              .timeoutOptions(TimeoutOptions.enabled())
              .socketOptions(
                  SocketOptions.builder().connectTimeout(connectTimeout).keepAlive(true).build());
    }

    /**
     * Back within two seconds after Redis is, instead of up to 30, and not all tasks in the same
     * millisecond.
     */
    @Bean
    ClientResourcesBuilderCustomizer promptReconnect() {
      return resources ->
          resources.reconnectDelay(
              Delay.fullJitter(
                  Duration.ofMillis(10), Duration.ofSeconds(2), 100, TimeUnit.MILLISECONDS));
    }
  }
}
