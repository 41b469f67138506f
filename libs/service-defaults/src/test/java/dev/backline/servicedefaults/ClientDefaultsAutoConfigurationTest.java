package dev.backline.servicedefaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.dynamodbretry.RetryDeadline;
import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class ClientDefaultsAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  ClientDefaultsAutoConfiguration.class, DataRedisAutoConfiguration.class))
          .withPropertyValues(
              "spring.data.redis.timeout=500ms", "spring.data.redis.connect-timeout=400ms");

  @Test
  void retriesHaveNoDeadlineUntilTheServiceStops() {
    AtomicReference<Deadline> shutdown = new AtomicReference<>();
    ShutdownDeadline deadline = () -> Optional.ofNullable(shutdown.get());
    runner
        .withBean(ShutdownDeadline.class, () -> deadline)
        .run(
            context -> {
              RetryDeadline retries = context.getBean(RetryDeadline.class);
              assertThat(retries.remaining()).isGreaterThan(Duration.ofDays(1));

              shutdown.set(Deadline.after(Duration.ofSeconds(25)));
              assertThat(retries.remaining()).isLessThanOrEqualTo(Duration.ofSeconds(25));

              shutdown.set(Deadline.after(Duration.ZERO));
              assertThat(retries.remaining()).isZero();
            });
  }

  @Test
  void withoutAShutdownDeadlineThereIsNone() {
    runner.run(
        context ->
            assertThat(context.getBean(RetryDeadline.class).remaining())
                .isGreaterThan(Duration.ofDays(1)));
  }

  @Test
  void redisCommandsFailFastWhileRedisIsAway() {
    runner.run(
        context -> {
          var client = context.getBean(LettuceConnectionFactory.class).getClientConfiguration();
          ClientOptions options = client.getClientOptions().orElseThrow();

          assertThat(client.getCommandTimeout()).isEqualTo(Duration.ofMillis(500));
          assertThat(options.getDisconnectedBehavior())
              .isEqualTo(DisconnectedBehavior.REJECT_COMMANDS);
          assertThat(options.getSocketOptions().getConnectTimeout())
              .isEqualTo(Duration.ofMillis(400));
          assertThat(options.getSocketOptions().isKeepAlive()).isTrue();
          assertThat(options.getTimeoutOptions().isTimeoutCommands()).isTrue();
        });
  }

  @Test
  void aServiceWithoutRedisStarts() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(ClientDefaultsAutoConfiguration.class))
        .withClassLoader(new FilteredClassLoader(LettuceClientOptionsBuilderCustomizer.class))
        .run(context -> assertThat(context).hasNotFailed());
  }
}
