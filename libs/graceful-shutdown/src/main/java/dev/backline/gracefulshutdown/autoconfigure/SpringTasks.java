package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.WorkInFlight;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * {@code @Async} and whatever else runs on the service's task executors, virtual threads included,
 * which take no part in Spring's life cycle. Executors go on accepting tasks during the drain:
 * Spring would have them refuse those of requests and messages that are still being handled.
 */
final class SpringTasks implements DrainableWork {

  private final Executors executors;

  SpringTasks(Executors executors) {
    this.executors = executors;
  }

  @Override
  public String name() {
    return executors.running.name();
  }

  @Override
  public void stopIntake() {}

  @Override
  public int inFlight() {
    return executors.running.inFlight()
        + executors.pools.stream().mapToInt(ThreadPoolTaskExecutor::getQueueSize).sum();
  }

  @Override
  public Collection<Thread> threads() {
    return executors.running.threads();
  }

  /** Finds the executors while they are made. */
  static final class Executors implements BeanPostProcessor {

    private final WorkInFlight running = new WorkInFlight("tasks");
    private final Queue<ThreadPoolTaskExecutor> pools = new ConcurrentLinkedQueue<>();

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
      if (bean instanceof ThreadPoolTaskExecutor pool) {
        pool.setAcceptTasksAfterContextClose(true);
        pool.setTaskDecorator(countedWithin(pool));
        pools.add(pool);
      } else if (bean instanceof SimpleAsyncTaskExecutor executor
          && !(bean instanceof TaskScheduler)) {
        executor.setTaskDecorator(countedWithin(executor));
      } else if (bean instanceof ConcurrentTaskExecutor executor
          && !(bean instanceof TaskScheduler)) {
        executor.setTaskDecorator(countedWithin(executor));
      } else if (bean instanceof TaskExecutorAdapter executor) {
        executor.setTaskDecorator(countedWithin(executor));
      }
      return bean;
    }

    /** Keeps the decorator that the executor has; there is a setter for it and no getter. */
    private TaskDecorator countedWithin(Object executor) {
      var before =
          (TaskDecorator) new DirectFieldAccessor(executor).getPropertyValue("taskDecorator");
      return before == null
          ? running::whileRunning
          : task -> running.whileRunning(before.decorate(task));
    }
  }
}
