package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.ShutdownReport;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Timeout(120)
class SqsDrainTest {

  private static SQSRestServer server;
  private static String endpoint;

  @BeforeAll
  static void startSqs() {
    server =
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withDynamicPort()
            .withAWSRegion("ap-northeast-2")
            .withAWSAccountId("000000000000")
            .start();
    endpoint = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
  }

  @AfterAll
  static void stopSqs() {
    server.stopAndGetFuture();
  }

  @Test
  void pollingStopsWithTheLameDuckAndTheMessageInHandIsFinishedAndAcknowledged() throws Exception {
    ConfigurableApplicationContext context = start();
    Listener listener = context.getBean(Listener.class);
    DrainLifecycle drain = context.getBean(DrainLifecycle.class);
    Shutdown shutdown = context.getBean(Shutdown.class);
    MessageListenerContainerRegistry registry =
        context.getBean(MessageListenerContainerRegistry.class);
    MessageListenerContainer<?> ownContainer = context.getBean(SqsMessageListenerContainer.class);
    RequestActivity requests = context.getBean(RequestActivity.class);
    SqsTemplate template = context.getBean(SqsTemplate.class);
    template.send("clicks", "first");
    listener.begun.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
    // Traffic of our own keeps the lame duck going until polling has been seen to stop.
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              requests.begin();
              requests.end();
              return !registry.isRunning() && !ownContainer.isRunning();
            });
    assertThat(drain.isRunning()).isTrue();
    assertThat(closing).isNotDone();
    listener.mayEnd.countDown();
    closing.get();

    ShutdownReport report = Objects.requireNonNull(shutdown.report());
    assertThat(report.works()).anyMatch(work -> work.name().equals("sqs-listeners"));
    assertThat(report.works()).allMatch(work -> work.complete());
    assertThat(listener.handled).hasValue(1);
    assertThat(messagesLeft()).isEqualTo("0/0");
  }

  /** Visible and invisible ones: an acknowledgement that was lost leaves an invisible message. */
  private static String messagesLeft() throws Exception {
    try (SqsAsyncClient sqs =
        SqsAsyncClient.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.AP_NORTHEAST_2)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build()) {
      String url = sqs.getQueueUrl(request -> request.queueName("clicks")).get().queueUrl();
      var attributes =
          sqs.getQueueAttributes(
                  request ->
                      request
                          .queueUrl(url)
                          .attributeNames(
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
              .get()
              .attributes();
      return attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
          + "/"
          + attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }
  }

  private static ConfigurableApplicationContext start() {
    SpringApplication application = new SpringApplication(Application.class);
    application.setRegisterShutdownHook(false);
    return application.run(
        "--spring.cloud.aws.sqs.enabled=true",
        "--spring.cloud.aws.sqs.endpoint=" + endpoint,
        "--spring.cloud.aws.sqs.queue-not-found-strategy=create",
        "--spring.cloud.aws.sqs.listener.poll-timeout=1s",
        "--backline.shutdown.lame-duck=15s",
        "--backline.shutdown.lame-duck-quiet=1s");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Listener.class)
  static class Application {

    @Bean
    SqsMessageListenerContainer<Object> ownContainer(
        SqsMessageListenerContainerFactory<Object> factory) {
      SqsMessageListenerContainer<Object> container = factory.createContainer("changes");
      container.setMessageListener(message -> {});
      return container;
    }

    @Bean
    ShutdownSignal signal() {
      return () -> true;
    }
  }

  static class Listener {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    final AtomicInteger handled = new AtomicInteger();

    @SqsListener("clicks")
    void handle(String body) throws InterruptedException {
      begun.countDown();
      mayEnd.await();
      handled.incrementAndGet();
    }
  }
}
