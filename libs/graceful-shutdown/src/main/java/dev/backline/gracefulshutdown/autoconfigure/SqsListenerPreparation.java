package dev.backline.gracefulshutdown.autoconfigure;

import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Prepares every listener container after all of them have been made and before the first of them,
 * or a web server, starts: here the options are final, whoever set them.
 */
final class SqsListenerPreparation implements SmartLifecycle {

  private final SqsIntake intake;
  private final SqsListenerBudget budget;
  private final Supplier<List<MessageListenerContainer<?>>> containers;
  private final ObjectProvider<SqsMessageListenerContainerFactory<?>> factories;
  private volatile boolean running;

  SqsListenerPreparation(
      SqsIntake intake,
      SqsListenerBudget budget,
      Supplier<List<MessageListenerContainer<?>>> containers,
      ObjectProvider<SqsMessageListenerContainerFactory<?>> factories) {
    this.intake = intake;
    this.budget = budget;
    this.containers = containers;
    this.factories = factories;
  }

  /** Those of {@code @SqsListener} methods, and those that are beans. */
  static List<MessageListenerContainer<?>> all(
      ObjectProvider<MessageListenerContainerRegistry> registries,
      ObjectProvider<MessageListenerContainer<?>> containers) {
    return Stream.concat(
            registries.stream().flatMap(registry -> registry.getListenerContainers().stream()),
            containers.stream(type -> true, false))
        .distinct()
        .toList();
  }

  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }

  @Override
  public void start() {
    running = true;
    for (MessageListenerContainer<?> container : containers.get()) {
      if (container instanceof SqsMessageListenerContainer<?> sqs && !sqs.isRunning()) {
        sqs.configure(options -> budget.fit(name(sqs), options));
        intake.prepare(sqs);
      }
    }
    // For containers that code makes while the service runs.
    factories.forEach(
        factory -> factory.configure(options -> budget.fit("made by a factory", options)));
  }

  private static String name(SqsMessageListenerContainer<?> container) {
    return container.getId() == null
        ? String.join(",", container.getQueueNames())
        : container.getId();
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
