package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import io.awspring.cloud.sqs.listener.ContainerComponentFactory;
import io.awspring.cloud.sqs.listener.FifoSqsComponentFactory;
import io.awspring.cloud.sqs.listener.MessageProcessingContext;
import io.awspring.cloud.sqs.listener.SqsContainerOptions;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import io.awspring.cloud.sqs.listener.StandardSqsComponentFactory;
import io.awspring.cloud.sqs.listener.acknowledgement.AcknowledgementProcessor;
import io.awspring.cloud.sqs.listener.acknowledgement.ExecutingAcknowledgementProcessor;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementHandler;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementMode;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandlerFactory;
import io.awspring.cloud.sqs.listener.backpressure.BatchAwareBackPressureHandler;
import io.awspring.cloud.sqs.listener.interceptor.AsyncMessageInterceptor;
import io.awspring.cloud.sqs.listener.sink.MessageSink;
import io.awspring.cloud.sqs.listener.sink.adapter.AbstractDelegatingMessageListeningSinkAdapter;
import io.awspring.cloud.sqs.listener.source.MessageSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Drains one listener container. It stands between the container and the components that Spring
 * Cloud AWS, or the team, makes for it: every poll, message and acknowledgement passes here,
 * whatever the listener method looks like, and nothing the team configured is replaced.
 */
final class SqsContainerDrain<T> {

  /** SQS answers a long poll late by the network only; one that hangs for longer is lost. */
  private static final Duration POLL_GRACE = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofMillis(20);

  private final SqsMessageListenerContainer<T> container;
  private final BooleanSupplier stopping;
  private final SqsGiveBack giveBack = new SqsGiveBack();
  private final MessagesInHand hand = new MessagesInHand(giveBack::send);
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final List<DrainableBackPressure> sources = new CopyOnWriteArrayList<>();
  private final List<DrainableAcknowledgements<T>> acknowledgements = new CopyOnWriteArrayList<>();
  private volatile @Nullable Deadline lastPoll;

  private SqsContainerDrain(SqsMessageListenerContainer<T> container, BooleanSupplier stopping) {
    this.container = container;
    this.stopping = stopping;
  }

  /**
   * Takes effect with the container's next start.
   *
   * @param stopping whether the process is being shut down
   */
  static <T> SqsContainerDrain<T> install(
      SqsMessageListenerContainer<T> container, BooleanSupplier stopping) {
    var drain = new SqsContainerDrain<>(container, stopping);
    Collection<ContainerComponentFactory<T, SqsContainerOptions>> factories =
        container.getContainerComponentFactories();
    if (factories.isEmpty()) {
      factories = List.of(new FifoSqsComponentFactory<>(), new StandardSqsComponentFactory<>());
    }
    container.setComponentFactories(
        factories.stream()
            .<ContainerComponentFactory<T, SqsContainerOptions>>map(
                factory -> drain.new Components(factory))
            .toList());
    BackPressureHandlerFactory pressure =
        container.getContainerOptions().getBackPressureHandlerFactory();
    container.configure(
        options ->
            options.backPressureHandlerFactory(
                containerOptions ->
                    drain.count(pressure.createBackPressureHandler(containerOptions))));
    var errorHandler = container.getErrorHandler();
    if (errorHandler != null) {
      container.setErrorHandler(new DrainableErrorHandler<>(errorHandler, drain.hand));
    }
    return drain;
  }

  /** Begins no message and no poll from now on; the container's own stop goes on behind this. */
  void stopIntake() {
    SqsContainerOptions options = container.getContainerOptions();
    lastPoll = Deadline.after(options.getPollTimeout().plus(POLL_GRACE));
    if (options.getListenerShutdownTimeout().isZero()) {
      hand.cutOff();
    }
    hand.close();
  }

  int inFlight() {
    return hand.inFlight()
        + giveBack.underWay()
        + acknowledgements.stream().mapToInt(DrainableAcknowledgements::underWay).sum()
        + lastPolls();
  }

  /** A service that runs always has a poll under way, which says nothing. */
  private int lastPolls() {
    Deadline end = lastPoll;
    return end == null || end.hasPassed()
        ? 0
        : sources.stream().mapToInt(DrainableBackPressure::polls).sum();
  }

  Set<Thread> threads() {
    return threads;
  }

  Duration longestHandling() {
    return hand.longestHandling();
  }

  void giveUp() {
    hand.giveUp();
  }

  /** Returns how many messages went back since the intake was stopped. */
  int finishGivingBack(Deadline deadline) throws InterruptedException {
    giveBack.finish(deadline);
    return giveBack.givenBack();
  }

  void flush(Deadline deadline) throws InterruptedException {
    for (DrainableAcknowledgements<T> each : acknowledgements) {
      each.flush(deadline);
    }
  }

  private BackPressureHandler count(BackPressureHandler handler) {
    // Spring Cloud AWS refuses others by itself.
    if (!(handler instanceof BatchAwareBackPressureHandler batchAware)) {
      return handler;
    }
    var counting = new DrainableBackPressure(batchAware, stopping, this::awaitIdle);
    sources.add(counting);
    return counting;
  }

  /** Two looks, since between a poll and its messages' arrival neither is in flight. */
  private boolean awaitIdle(Duration timeout) {
    Deadline end = Deadline.after(timeout);
    try {
      for (int idle = 0; idle < 2; Thread.sleep(LOOK)) {
        if (end.hasPassed()) {
          hand.cutOff();
          return false;
        }
        idle = hand.closed() && inFlight() == 0 ? idle + 1 : 0;
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private final class Components implements ContainerComponentFactory<T, SqsContainerOptions> {

    private final ContainerComponentFactory<T, SqsContainerOptions> delegate;

    Components(ContainerComponentFactory<T, SqsContainerOptions> delegate) {
      this.delegate = delegate;
    }

    @Override
    public boolean supports(Collection<String> queueNames, SqsContainerOptions options) {
      return delegate.supports(queueNames, options);
    }

    @Override
    public MessageSource<T> createMessageSource(SqsContainerOptions options) {
      return delegate.createMessageSource(options);
    }

    /** Called once per start, after the sources and before everything that is counted. */
    @Override
    public MessageSink<T> createMessageSink(SqsContainerOptions options) {
      sources.clear();
      acknowledgements.clear();
      lastPoll = null;
      hand.open(options.getAcknowledgementMode() == AcknowledgementMode.ALWAYS);
      return new Sink(delegate.createMessageSink(options));
    }

    @Override
    public AcknowledgementProcessor<T> createAcknowledgementProcessor(SqsContainerOptions options) {
      AcknowledgementProcessor<T> made = delegate.createAcknowledgementProcessor(options);
      if (!(made instanceof ExecutingAcknowledgementProcessor<T> executing)) {
        return made;
      }
      var tracked = new DrainableAcknowledgements<>(executing, hand);
      acknowledgements.add(tracked);
      return tracked;
    }

    @Override
    public AcknowledgementHandler<T> createAcknowledgementHandler(SqsContainerOptions options) {
      return delegate.createAcknowledgementHandler(options);
    }
  }

  private final class Sink extends AbstractDelegatingMessageListeningSinkAdapter<T> {

    Sink(MessageSink<T> delegate) {
      super(delegate);
    }

    @Override
    public void setSqsAsyncClient(SqsAsyncClient sqsAsyncClient) {
      super.setSqsAsyncClient(sqsAsyncClient);
      giveBack.use(sqsAsyncClient);
    }

    @Override
    public void setTaskExecutor(TaskExecutor taskExecutor) {
      super.setTaskExecutor(task -> taskExecutor.execute(() -> work(task)));
    }

    private void work(Runnable task) {
      Thread current = Thread.currentThread();
      threads.add(current);
      try {
        task.run();
      } finally {
        threads.remove(current);
      }
    }

    @Override
    public CompletableFuture<Void> emit(
        Collection<Message<T>> messages, MessageProcessingContext<T> context) {
      return hand.arrive(messages)
          ? getDelegate()
              .emit(messages, context.addInterceptor(new Handling()))
              .whenComplete((done, failure) -> hand.forget(messages))
          : CompletableFuture.completedFuture(null);
    }
  }

  /**
   * Runs before and after all of the team's interceptors. What was given back meanwhile goes no
   * further: neither handled nor failed, so that no error handler sees it.
   */
  private final class Handling implements AsyncMessageInterceptor<T> {

    @Override
    public CompletableFuture<Message<T>> intercept(Message<T> message) {
      return hand.begin(List.of(message))
          ? CompletableFuture.completedFuture(message)
          : new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<Collection<Message<T>>> intercept(Collection<Message<T>> messages) {
      return hand.begin(messages)
          ? CompletableFuture.completedFuture(messages)
          : new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<Void> afterProcessing(
        Message<T> message, @Nullable Throwable failure) {
      hand.end(List.of(message), failure);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> afterProcessing(
        Collection<Message<T>> messages, @Nullable Throwable failure) {
      hand.end(messages, failure);
      return CompletableFuture.completedFuture(null);
    }
  }
}
