package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.Intake;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * All SQS listener containers. Polling stops at once, messages that were not begun go back at once,
 * those being handled may end.
 *
 * <p>Spring would stop the containers itself, after the lame duck, and wait for them before it lets
 * the web server drain. It finds them stopped here and waits for nothing; what a container's own
 * stop still does goes on behind it.
 */
final class SqsIntake implements Intake, ApplicationListener<ContextClosedEvent>, Ordered {

  /** A container that is just starting finishes that first. */
  private static final Duration STOP_BEGINS = Duration.ofSeconds(1);

  /** Giving back has half of the flush reserve; below that, there is time to say what failed. */
  private static final double SHARE_FOR_GIVING_BACK = 0.4;

  private final ApplicationContext context;
  private final BooleanSupplier stopping;
  private final Supplier<List<MessageListenerContainer<?>>> containers;
  private final Map<MessageListenerContainer<?>, SqsContainerDrain<?>> drains =
      new LinkedHashMap<>();
  private final Map<MessageListenerContainer<?>, Thread> stops = new LinkedHashMap<>();

  SqsIntake(
      ApplicationContext context,
      BooleanSupplier stopping,
      Supplier<List<MessageListenerContainer<?>>> containers) {
    this.context = context;
    this.stopping = stopping;
    this.containers = containers;
  }

  /** To be called before the container starts. */
  synchronized void prepare(SqsMessageListenerContainer<?> container) {
    drains.computeIfAbsent(container, absent -> SqsContainerDrain.install(container, stopping));
  }

  @Override
  public String name() {
    return "sqs-listeners";
  }

  /** Right after {@link ShutdownStart}: no container is left for Spring to stop. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE + 1;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    if (event.getApplicationContext().equals(context)) {
      stopIntake();
    }
  }

  @Override
  public void stopIntake() {
    List<MessageListenerContainer<?>> running =
        containers.get().stream().filter(MessageListenerContainer::isRunning).toList();
    synchronized (this) {
      for (MessageListenerContainer<?> container : running) {
        SqsContainerDrain<?> drain = drains.get(container);
        Thread stop = stops.get(container);
        if (stop == null || !stop.isAlive()) {
          if (drain != null) {
            drain.stopIntake();
          }
          stops.put(
              container,
              Thread.ofVirtual().name("stop-" + container.getId()).start(container::stop));
        }
      }
    }
    awaitStopBegun(running);
  }

  private static void awaitStopBegun(List<MessageListenerContainer<?>> containers) {
    Deadline end = Deadline.after(STOP_BEGINS);
    try {
      while (containers.stream().anyMatch(MessageListenerContainer::isRunning)
          && !end.hasPassed()) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized int inFlight() {
    // A container made after the start could not be prepared; all that is seen is its stop.
    long unprepared =
        stops.entrySet().stream()
            .filter(stop -> !drains.containsKey(stop.getKey()) && stop.getValue().isAlive())
            .count();
    return (int) unprepared + drains.values().stream().mapToInt(SqsContainerDrain::inFlight).sum();
  }

  @Override
  public synchronized Collection<Thread> threads() {
    return drains.values().stream().flatMap(drain -> drain.threads().stream()).toList();
  }

  /** How long the oldest message has been handled, zero when none is. */
  synchronized Duration longestHandling() {
    return drains.values().stream()
        .map(SqsContainerDrain::longestHandling)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  @Override
  public int giveBack(Deadline deadline) throws InterruptedException {
    Deadline end =
        Deadline.after(
            Duration.ofMillis((long) (deadline.remaining().toMillis() * SHARE_FOR_GIVING_BACK)));
    List<SqsContainerDrain<?>> all = all();
    all.forEach(SqsContainerDrain::giveUp);
    var problems = new ArrayList<String>();
    int givenBack = 0;
    for (SqsContainerDrain<?> drain : all) {
      try {
        givenBack += drain.finishGivingBack(end);
      } catch (IllegalStateException failure) {
        problems.add(failure.getMessage());
      }
    }
    throwIfAny(problems);
    return givenBack;
  }

  @Override
  public void flush(Deadline deadline) throws InterruptedException {
    var problems = new ArrayList<String>();
    for (SqsContainerDrain<?> drain : all()) {
      try {
        drain.flush(deadline);
      } catch (IllegalStateException failure) {
        problems.add(failure.getMessage());
      }
    }
    throwIfAny(problems);
  }

  private synchronized List<SqsContainerDrain<?>> all() {
    return List.copyOf(drains.values());
  }

  private static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("; ", problems));
    }
  }
}
