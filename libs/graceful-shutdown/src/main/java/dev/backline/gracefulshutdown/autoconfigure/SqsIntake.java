package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Intake;
import io.awspring.cloud.sqs.LifecycleHandler;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * All {@code @SqsListener} containers, and those that are beans. Spring would stop them only after
 * the lame duck; once stopped here, Spring finds nothing left to do and the web server drains
 * without waiting for messages.
 */
final class SqsIntake implements Intake {

  private final ObjectProvider<MessageListenerContainerRegistry> registry;
  private final ObjectProvider<MessageListenerContainer<?>> containers;

  SqsIntake(
      ObjectProvider<MessageListenerContainerRegistry> registry,
      ObjectProvider<MessageListenerContainer<?>> containers) {
    this.registry = registry;
    this.containers = containers;
  }

  @Override
  public String name() {
    return "sqs-listeners";
  }

  @Override
  public void stopIntake() {
    LifecycleHandler.get().stop(running());
  }

  @Override
  public int inFlight() {
    return running().size();
  }

  private List<SmartLifecycle> running() {
    return Stream.<SmartLifecycle>concat(registry.stream(), containers.stream())
        .filter(SmartLifecycle::isRunning)
        .toList();
  }
}
