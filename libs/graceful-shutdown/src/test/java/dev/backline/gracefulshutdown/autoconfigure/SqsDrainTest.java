package dev.backline.gracefulshutdown.autoconfigure;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.WorkOutcome;
import dev.backline.gracefulshutdown.autoconfigure.SqsServer.Queue;
import io.awspring.cloud.autoconfigure.sqs.SqsAsyncClientCustomizer;
import io.awspring.cloud.sqs.MessageExecutionThreadFactory;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementMode;
import io.awspring.cloud.sqs.listener.errorhandler.ErrorHandler;
import io.awspring.cloud.sqs.listener.interceptor.MessageInterceptor;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;

@Timeout(120)
class SqsDrainTest {

  /** Handlers may take 2 s, and giving back and flushing have 3 s. */
  private static final String[] SHORT = {
    "--backline.shutdown.stop-timeout=9s", "--backline.shutdown.safety-margin=1s",
  };

  private static final SqsServer server = SqsServer.start();

  private final Queue queue = server.newQueue();
  private final Handler handler = new Handler();
  private @Nullable ConfigurableApplicationContext context;
  private @Nullable Shutdown shutdown;

  @AfterAll
  static void stopSqs() {
    server.close();
  }

  @AfterEach
  void close() {
    handler.mayEnd.countDown();
    if (context != null) {
      context.close();
    }
  }

  @Test
  void pollingStopsWithTheLameDuckAndTheMessageInHandIsFinishedAndAcknowledged() throws Exception {
    var started =
        start(
            List.of(OneByOne.class, OwnContainer.class, Signalled.class),
            "--spring.main.web-application-type=servlet",
            "--own-queue=" + server.newQueue().name(),
            "--backline.shutdown.lame-duck=15s",
            "--backline.shutdown.lame-duck-quiet=1s");
    var registry = started.getBean(MessageListenerContainerRegistry.class);
    SqsMessageListenerContainer<?> ownContainer =
        started.getBean(SqsMessageListenerContainer.class);
    DrainLifecycle drain = started.getBean(DrainLifecycle.class);
    RequestActivity requests = started.getBean(RequestActivity.class);
    queue.send("first");
    handler.awaitBegun(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
    // Traffic of our own keeps the lame duck going until polling has been seen to stop.
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              requests.begin();
              requests.end();
              return Stream.<MessageListenerContainer<?>>concat(
                      registry.getListenerContainers().stream(),
                      Stream.<MessageListenerContainer<?>>of(ownContainer))
                  .noneMatch(container -> container.isRunning());
            });
    assertThat(drain.isRunning()).isTrue();
    assertThat(closing).isNotDone();
    handler.mayEnd.countDown();
    closing.get();

    assertThat(outcome().complete()).isTrue();
    assertThat(outcome().givenBack()).isZero();
    assertThat(handler.ended).containsExactly("first");
    assertThat(queue.left()).isEqualTo("0/0");
  }

  @Test
  void aMessageWhoseHandlerHangsIsGivenBackAndTheHandlerShownAndInterrupted() {
    start(List.of(OneByOne.class), SHORT);
    queue.send("stuck");
    handler.awaitBegun(1);

    requireNonNull(context).close();

    assertThat(queue.receiveNow(1)).containsExactly("stuck");
    await().untilAsserted(() -> assertThat(handler.interrupted).containsExactly("stuck"));
    assertThat(outcome().givenBack()).isEqualTo(1);
    assertThat(outcome().threads()).singleElement().asString().contains("Handler.handle");
  }

  @Test
  void theInterruptIsNoFailureThatAnErrorHandlerHearsOf() {
    start(List.of(OneByOne.class, Interceptors.class), SHORT);
    queue.send("stuck");
    handler.awaitBegun(1);

    requireNonNull(context).close();

    await().untilAsserted(() -> assertThat(handler.interrupted).containsExactly("stuck"));
    assertThat(queue.left()).isEqualTo("1/0");
    assertThat(handler.events).containsExactly("before stuck");
  }

  @Test
  void messagesThatWaitForAThreadGoBackAtOnceAndNotWhenTheOthersHaveEnded() throws Exception {
    queue.send(IntStream.range(0, 12).mapToObj(i -> "message " + i).toArray(String[]::new));
    var started = start(List.of(OneByOne.class, OneThread.class));
    await().until(() -> queue.left().endsWith("/10"));
    handler.awaitBegun(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);

    await().untilAsserted(() -> assertThat(queue.left()).isEqualTo("11/1"));
    assertThat(handler.ended).isEmpty();
    handler.mayEnd.countDown();
    closing.get();
    assertThat(queue.left()).isEqualTo("11/0");
    assertThat(handler.begun).hasSize(1);
    assertThat(outcome().givenBack()).isEqualTo(9);
    assertThat(outcome().complete()).isTrue();
  }

  @Test
  void aMessageThatTheLastPollBringsIsNotBegunButGivenBack() throws Exception {
    var started =
        start(List.of(OneByOne.class), "--spring.cloud.aws.sqs.listener.poll-timeout=20s");
    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
    await().until(() -> stopped(started));

    queue.send("late");

    closing.get();
    assertThat(queue.receiveNow(1)).containsExactly("late");
    assertThat(handler.begun).isEmpty();
    assertThat(outcome().givenBack()).isEqualTo(1);
    assertThat(outcome().complete()).isTrue();
  }

  @Test
  void aMessageWhoseHandlerFailedKeepsItsVisibilityTimeoutAndInterceptorsSeeIt() throws Exception {
    handler.failure = new IllegalStateException("not today");
    var started = start(List.of(OneByOne.class, Interceptors.class));
    queue.send("bad");
    handler.awaitBegun(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
    await().until(() -> stopped(started));
    handler.mayEnd.countDown();
    closing.get();

    assertThat(queue.left()).isEqualTo("0/1");
    assertThat(handler.events).containsExactly("before bad", "error bad", "after bad");
    assertThat(outcome().complete()).isTrue();
  }

  @Test
  void aBatchIsFinishedOrGivenBackAsAWhole() {
    queue.send("a", "b", "c");
    start(List.of(Batch.class), SHORT);
    await().until(() -> handler.begun.size() == 3);

    requireNonNull(context).close();

    assertThat(queue.receiveNow(1)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(outcome().givenBack()).isEqualTo(3);
  }

  @Test
  void theRestOfAFifoGroupIsGivenBackInItsOrder() throws Exception {
    Queue fifo = server.newFifoQueue();
    fifo.sendToGroup("group", "1", "2", "3");
    var started = start(List.of(OneByOne.class), "--drained-queue=" + fifo.name());
    handler.awaitBegun(1);
    await().until(() -> fifo.left().equals("0/3"));

    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
    await().untilAsserted(() -> assertThat(fifo.left()).isEqualTo("2/1"));
    handler.mayEnd.countDown();
    closing.get();

    assertThat(handler.ended).containsExactly("1");
    assertThat(fifo.receiveNow(1)).containsExactly("2", "3");
  }

  @Test
  void aFifoGroupWhoseFirstMessageHangsIsGivenBackAsAWhole() {
    Queue fifo = server.newFifoQueue();
    fifo.sendToGroup("group", "1", "2", "3");
    start(
        List.of(OneByOne.class),
        Stream.concat(Stream.of(SHORT), Stream.of("--drained-queue=" + fifo.name()))
            .toArray(String[]::new));
    handler.awaitBegun(1);
    await().until(() -> fifo.left().equals("0/3"));

    requireNonNull(context).close();

    assertThat(handler.begun).containsExactly("1");
    assertThat(fifo.receiveNow(1)).containsExactly("1", "2", "3");
    assertThat(outcome().givenBack()).isEqualTo(3);
  }

  @Test
  void aContainerBeanOfSeveralQueuesGivesBackToEach() {
    Queue other = server.newQueue();
    start(
        List.of(OwnContainer.class),
        Stream.concat(
                Stream.of(SHORT), Stream.of("--own-queue=" + queue.name() + "," + other.name()))
            .toArray(String[]::new));
    queue.send("one");
    other.send("other");
    handler.awaitBegun(2);

    requireNonNull(context).close();

    assertThat(queue.receiveNow(1)).containsExactly("one");
    assertThat(other.receiveNow(1)).containsExactly("other");
    assertThat(outcome().givenBack()).isEqualTo(2);
  }

  @Test
  void withManualAcknowledgementTheHandlerDecides() {
    handler.mayEnd.countDown();
    start(List.of(Manual.class));
    queue.send("acknowledge", "leave");
    await().until(() -> handler.ended.size() == 2);

    requireNonNull(context).close();

    assertThat(queue.left()).isEqualTo("0/1");
    assertThat(outcome().givenBack()).isZero();
  }

  @Test
  void aManualAcknowledgementThatComesWithTheFlushIsNotLost() {
    handler.mayEnd.countDown();
    start(List.of(Manual.class, AcknowledgesInFlush.class));
    queue.send("buffered");
    await().until(() -> handler.ended.size() == 1);

    requireNonNull(context).close();

    assertThat(queue.left()).isEqualTo("0/0");
  }

  @Test
  void acknowledgementsThatWaitForABatchAreFlushed() {
    handler.mayEnd.countDown();
    start(
        List.of(OneByOne.class, AcknowledgesHourly.class),
        "--backline.shutdown.sqs.immediate-acknowledgement=false");
    queue.send("a", "b", "c");
    await().until(() -> handler.ended.size() == 3);
    assertThat(queue.left()).isEqualTo("0/3");

    requireNonNull(context).close();

    assertThat(queue.left()).isEqualTo("0/0");
    assertThat(outcome().complete()).isTrue();
  }

  @Test
  void acknowledgementsThatAreSlowAreAwaited() {
    handler.mayEnd.countDown();
    start(List.of(OneByOne.class, SlowDeletion.class));
    queue.send("a", "b", "c");
    await().until(() -> handler.ended.size() == 3);

    requireNonNull(context).close();

    assertThat(queue.left()).isEqualTo("0/0");
    assertThat(outcome().complete()).isTrue();
  }

  @Test
  void aContainerMadeLaterIsStoppedToo() throws Exception {
    var started = start(List.of());
    @SuppressWarnings("unchecked")
    SqsMessageListenerContainerFactory<Object> factory =
        started.getBean(SqsMessageListenerContainerFactory.class);
    var container = factory.createContainer(queue.name());
    container.setId("later");
    container.setMessageListener(message -> handler.handle(List.of("" + message.getPayload())));
    started.getBean(MessageListenerContainerRegistry.class).registerListenerContainer(container);
    container.start();
    queue.send("one");
    handler.awaitBegun(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
    await().until(() -> !container.isRunning());
    assertThat(closing).isNotDone();
    handler.mayEnd.countDown();
    closing.get();

    assertThat(queue.left()).isEqualTo("0/0");
    assertThat(outcome().complete()).isTrue();
  }

  @Test
  void nothingIsRememberedOfMessagesThatAreDone() {
    handler.mayEnd.countDown();
    var started = start(List.of(OneByOne.class, Signalled.class));
    SqsIntake intake = started.getBean(SqsIntake.class);

    for (int i = 0; i < 50; i++) {
      queue.send("message " + i);
    }

    await().until(() -> queue.left().equals("0/0"));
    assertThat(handler.ended).hasSize(50);
    await().until(() -> intake.inFlight() == 0);
    assertThat(intake.threads()).isEmpty();
  }

  @Test
  void aDeadEndpointHoldsNothingUpAndWhatItCostsIsSaid() throws Exception {
    SqsServer dying = SqsServer.start();
    Queue its = dying.newQueue();
    its.send("a", "b", "c");
    var started =
        start(
            List.of(OneByOne.class, OneThread.class),
            Stream.concat(
                    Stream.of(SHORT),
                    Stream.of(
                        "--drained-queue=" + its.name(),
                        "--spring.cloud.aws.sqs.endpoint=" + dying.endpoint()))
                .toArray(String[]::new));
    await().until(() -> its.left().equals("0/3"));
    handler.awaitBegun(1);
    dying.close();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(started::close);
    await().until(() -> stopped(started));
    handler.mayEnd.countDown();
    closing.get();

    assertThat(outcome().problems())
        .anySatisfy(
            problem ->
                assertThat(problem).contains("2 messages are not given back").contains(its.name()))
        .anySatisfy(
            problem -> assertThat(problem).contains("1 messages are handled but not deleted"));
    assertThat(outcome().complete()).isFalse();
  }

  private WorkOutcome outcome() {
    ShutdownReport report = requireNonNull(requireNonNull(shutdown).report());
    return report.works().stream()
        .filter(work -> work.name().equals("sqs-listeners"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean stopped(ConfigurableApplicationContext context) {
    return context.getBean(MessageListenerContainerRegistry.class).getListenerContainers().stream()
        .noneMatch(container -> container.isRunning());
  }

  private ConfigurableApplicationContext start(List<Class<?>> parts, String... arguments) {
    SpringApplication application =
        new SpringApplication(
            Stream.concat(Stream.of(Application.class), parts.stream()).toArray(Class<?>[]::new));
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        fresh -> ((GenericApplicationContext) fresh).registerBean(Handler.class, () -> handler));
    application.setDefaultProperties(
        Map.of(
            "spring.main.web-application-type", "none",
            "spring.cloud.aws.sqs.endpoint", server.endpoint(),
            "spring.cloud.aws.sqs.listener.poll-timeout", "1s",
            "backline.shutdown.lame-duck", "0s",
            "drained-queue", queue.name()));
    ConfigurableApplicationContext started =
        application.run(
            Stream.concat(Stream.of("--spring.cloud.aws.sqs.enabled=true"), Stream.of(arguments))
                .toArray(String[]::new));
    shutdown = started.getBean(Shutdown.class);
    context = started;
    return started;
  }

  /** Every handler of a test: waits until it may end. */
  static class Handler {

    final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> interrupted = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    final CountDownLatch mayEnd = new CountDownLatch(1);
    volatile @Nullable RuntimeException failure;

    void awaitBegun(int messages) {
      await().until(() -> begun.size() >= messages);
    }

    void handle(Collection<String> bodies) {
      begun.addAll(bodies);
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        interrupted.addAll(bodies);
        throw new IllegalStateException(e);
      }
      RuntimeException wanted = failure;
      if (wanted != null) {
        throw wanted;
      }
      ended.addAll(bodies);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    static BeanPostProcessor customizer(ObjectProvider<FactoryCustomizer> customizers) {
      return new BeanPostProcessor() {
        @Override
        @SuppressWarnings("unchecked")
        public Object postProcessAfterInitialization(Object bean, String name) {
          if (bean instanceof SqsMessageListenerContainerFactory<?> factory) {
            customizers.forEach(
                each -> each.customize((SqsMessageListenerContainerFactory<Object>) factory));
          }
          return bean;
        }
      };
    }
  }

  record OneByOne(Handler handler) {

    @SqsListener("${drained-queue}")
    void handle(String body) {
      handler.handle(List.of(body));
    }
  }

  record Batch(Handler handler) {

    @SqsListener("${drained-queue}")
    void handle(List<String> bodies) {
      handler.handle(bodies);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Manual.Listener.class)
  static class Manual {

    static final ConcurrentLinkedQueue<Acknowledgement> BUFFER = new ConcurrentLinkedQueue<>();

    record Listener(Handler handler) {

      @SqsListener(value = "${drained-queue}", acknowledgementMode = "MANUAL")
      void handle(Message<String> message, Acknowledgement acknowledgement) {
        handler.handle(List.of(message.getPayload()));
        if (message.getPayload().equals("acknowledge")) {
          acknowledgement.acknowledge();
        } else if (message.getPayload().equals("buffered")) {
          BUFFER.add(acknowledgement);
        }
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class AcknowledgesInFlush {

    @Bean
    DrainableWork buffer() {
      return new DrainableWork() {
        @Override
        public String name() {
          return "buffer";
        }

        @Override
        public void stopIntake() {}

        @Override
        public int inFlight() {
          return 0;
        }

        @Override
        public void flush(Deadline deadline) throws Exception {
          requireNonNull(Manual.BUFFER.poll()).acknowledgeAsync().get();
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnContainer {

    @Bean
    SqsMessageListenerContainer<Object> ownContainer(
        SqsMessageListenerContainerFactory<Object> factory,
        @Value("${own-queue}") String[] queues,
        Handler handler) {
      SqsMessageListenerContainer<Object> container = factory.createContainer(queues);
      container.setMessageListener(
          message -> handler.handle(List.of(message.getPayload().toString())));
      return container;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Signalled {

    @Bean
    ShutdownSignal signal() {
      return () -> true;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OneThread {

    @Bean
    FactoryCustomizer oneThread() {
      return factory -> {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(1);
        executor.setMaxPoolSize(1);
        executor.setThreadFactory(new MessageExecutionThreadFactory());
        executor.initialize();
        factory.configure(options -> options.componentsTaskExecutor(executor));
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class AcknowledgesHourly {

    @Bean
    FactoryCustomizer acknowledgesHourly() {
      return factory ->
          factory.configure(
              options ->
                  options
                      .acknowledgementMode(AcknowledgementMode.ON_SUCCESS)
                      .acknowledgementInterval(Duration.ofHours(1))
                      .acknowledgementThreshold(1000));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class SlowDeletion {

    @Bean
    SqsAsyncClientCustomizer slowDeletion() {
      ExecutionInterceptor slow =
          new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(
                Context.BeforeTransmission context, ExecutionAttributes attributes) {
              if (context.request() instanceof DeleteMessageBatchRequest) {
                new CompletableFuture<Void>().completeOnTimeout(null, 1500, MILLISECONDS).join();
              }
            }
          };
      return builder ->
          builder.overrideConfiguration(
              builder.overrideConfiguration().toBuilder().addExecutionInterceptor(slow).build());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Interceptors {

    @Bean
    FactoryCustomizer interceptors(Handler handler) {
      return factory -> {
        factory.addMessageInterceptor(
            new MessageInterceptor<Object>() {
              @Override
              public Message<Object> intercept(Message<Object> message) {
                handler.events.add("before " + message.getPayload());
                return message;
              }

              @Override
              public void afterProcessing(Message<Object> message, @Nullable Throwable failure) {
                if (!handler.interrupted.contains("" + message.getPayload())) {
                  handler.events.add("after " + message.getPayload());
                }
              }
            });
        factory.setErrorHandler(
            new ErrorHandler<Object>() {
              @Override
              public void handle(Message<Object> message, Throwable failure) {
                handler.events.add("error " + message.getPayload());
                throw new IllegalStateException(failure);
              }
            });
      };
    }
  }

  @FunctionalInterface
  interface FactoryCustomizer {

    void customize(SqsMessageListenerContainerFactory<Object> factory);
  }
}
