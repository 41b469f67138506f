package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.Intake;
import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.WorkOutcome;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** What Spring runs in the background, on platform and on virtual threads. */
@Timeout(180)
class BackgroundWorkTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAsyncTaskThatRunsIsAwaitedAndMayStillStartAnother(boolean virtual) throws Exception {
    Running app = start("--spring.threads.virtual.enabled=" + virtual);
    app.jobs().first();
    app.jobs().begun.await();
    assertThat(app.tasks().inFlight()).isEqualTo(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app.context()::close);
    await().atMost(Duration.ofMinutes(1)).until(() -> app.shutdown().begun());
    app.jobs().mayEnd.countDown();
    closing.get();

    assertThat(app.jobs().done).containsExactly("first", "second");
    assertThat(app.outcome("tasks").complete()).isTrue();
  }

  @Test
  void tasksThatWaitInAPoolsQueueAreAwaited() throws Exception {
    Running app = start("--spring.task.execution.pool.core-size=1");
    app.jobs().first();
    app.jobs().begun.await();
    app.jobs().second();
    assertThat(app.tasks().inFlight()).isEqualTo(2);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app.context()::close);
    await().atMost(Duration.ofMinutes(1)).until(() -> app.shutdown().begun());
    app.jobs().mayEnd.countDown();
    closing.get();

    assertThat(app.jobs().done).containsExactly("first", "second", "second");
    assertThat(app.outcome("tasks").drained()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ownPool", "ownVirtualThreads", "ownConcurrent", "ownAdapter"})
  void anExecutorThatTheTeamMadeIsTrackedAndKeepsItsDecorator(String name) throws Exception {
    Running app = start();
    var executor = app.context().getBean(name, TaskExecutor.class);
    CountDownLatch mayEnd = new CountDownLatch(1);
    executor.execute(() -> awaitUninterruptibly(mayEnd));
    await().atMost(Duration.ofMinutes(1)).until(() -> app.tasks().inFlight() == 1);
    assertThat(app.context().getBean("decorated", AtomicInteger.class)).hasValue(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app.context()::close);
    await().atMost(Duration.ofMinutes(1)).until(() -> app.shutdown().begun());
    mayEnd.countDown();
    closing.get();

    assertThat(app.outcome("tasks").toString()).isEqualTo("tasks: 1 drained");
  }

  @Test
  void aTaskThatHangsIsShownInterruptedAndReported() throws Exception {
    Running app =
        start(
            "--spring.threads.virtual.enabled=true",
            "--backline.shutdown.stop-timeout=3s",
            "--backline.shutdown.safety-margin=1s",
            "--backline.shutdown.lame-duck=0s",
            "--backline.shutdown.flush-reserve=1s");
    app.jobs().first();
    app.jobs().begun.await();

    app.context().close();

    await().atMost(Duration.ofMinutes(1)).until(() -> app.jobs().done.contains("interrupted"));
    WorkOutcome tasks = app.outcome("tasks");
    assertThat(tasks.abandoned()).isEqualTo(1);
    assertThat(tasks.threads()).singleElement().asString().contains("Jobs.first");
    assertThat(app.report().complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aScheduledRunIsAwaitedAndNoOtherBegins(boolean virtual) throws Exception {
    Running app =
        start(
            "--scheduled=true",
            "--spring.threads.virtual.enabled=" + virtual,
            "--spring.task.scheduling.pool.size=2");
    Schedule schedule = app.context().getBean(Schedule.class);
    schedule.begun.await();
    DrainableWork scheduled = app.context().getBean(ScheduledTasks.class);
    await().atMost(Duration.ofMinutes(1)).until(() -> scheduled.inFlight() == 2);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app.context()::close);
    await().atMost(Duration.ofMinutes(1)).until(() -> app.shutdown().begun());
    schedule.mayEnd.countDown();
    closing.get();

    assertThat(scheduled).isInstanceOf(Intake.class);
    assertThat(schedule.runs).hasValue(2);
    assertThat(schedule.ended).hasValue(2);
    assertThat(app.outcome("scheduled-tasks").toString()).isEqualTo("scheduled-tasks: 2 drained");
  }

  @Test
  void aContextThatIsStoppedAndStartedAgainGoesOnScheduling() throws Exception {
    Running app = start("--scheduled=true");
    Schedule schedule = app.context().getBean(Schedule.class);
    schedule.mayEnd.countDown();
    schedule.begun.await();

    app.context().stop();
    app.context().start();

    int before = schedule.runs.get();
    await().atMost(Duration.ofMinutes(1)).until(() -> schedule.runs.get() > before + 1);
    app.context().close();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Running start(String... arguments) {
    SpringApplication application = new SpringApplication(Application.class);
    application.setRegisterShutdownHook(false);
    return new Running(application.run(arguments));
  }

  private record Running(
      ConfigurableApplicationContext context, Shutdown shutdown, SpringTasks tasks, Jobs jobs) {

    Running(ConfigurableApplicationContext context) {
      this(
          context,
          context.getBean(Shutdown.class),
          context.getBean(SpringTasks.class),
          context.getBean(Jobs.class));
    }

    ShutdownReport report() {
      return Objects.requireNonNull(shutdown.report());
    }

    WorkOutcome outcome(String name) {
      return report().works().stream()
          .filter(work -> work.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableAsync
  @EnableScheduling
  @Import({Jobs.class, AsyncJobs.class, Schedule.class})
  static class Application {

    @Bean
    AtomicInteger decorated() {
      return new AtomicInteger();
    }

    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor ownPool(AtomicInteger decorated) {
      ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
      executor.setTaskDecorator(counting(decorated));
      return executor;
    }

    @Bean(defaultCandidate = false)
    SimpleAsyncTaskExecutor ownVirtualThreads(AtomicInteger decorated) {
      SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("own-");
      executor.setVirtualThreads(true);
      executor.setTaskDecorator(counting(decorated));
      return executor;
    }

    @Bean(destroyMethod = "close", defaultCandidate = false)
    ExecutorService ownThreads() {
      return Executors.newVirtualThreadPerTaskExecutor();
    }

    @Bean(defaultCandidate = false)
    ConcurrentTaskExecutor ownConcurrent(
        @Qualifier("ownThreads") ExecutorService ownThreads, AtomicInteger decorated) {
      ConcurrentTaskExecutor executor = new ConcurrentTaskExecutor(ownThreads);
      executor.setTaskDecorator(counting(decorated));
      return executor;
    }

    @Bean(defaultCandidate = false)
    TaskExecutorAdapter ownAdapter(
        @Qualifier("ownThreads") ExecutorService ownThreads, AtomicInteger decorated) {
      TaskExecutorAdapter executor = new TaskExecutorAdapter(ownThreads);
      executor.setTaskDecorator(counting(decorated));
      return executor;
    }

    private static TaskDecorator counting(AtomicInteger decorated) {
      return task -> {
        decorated.incrementAndGet();
        return task;
      };
    }
  }

  /** Async methods are called on a bean that another one injects, as in a service. */
  static class Jobs {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final AsyncJobs jobs;

    Jobs(@Lazy AsyncJobs jobs) {
      this.jobs = jobs;
    }

    void first() {
      jobs.first();
    }

    void second() {
      jobs.second();
    }
  }

  static class AsyncJobs {

    private final Jobs jobs;

    AsyncJobs(Jobs jobs) {
      this.jobs = jobs;
    }

    @Async("applicationTaskExecutor")
    public void first() {
      jobs.begun.countDown();
      try {
        jobs.mayEnd.await();
        jobs.done.add("first");
        jobs.second();
      } catch (InterruptedException e) {
        jobs.done.add("interrupted");
      }
    }

    @Async("applicationTaskExecutor")
    public void second() {
      jobs.done.add("second");
    }
  }

  @ConditionalOnProperty("scheduled")
  static class Schedule {

    final CountDownLatch begun = new CountDownLatch(2);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    @Scheduled(fixedDelay = 1)
    void afterEach() {
      run();
    }

    @Scheduled(fixedRate = 30, timeUnit = TimeUnit.MINUTES)
    void halfHourly() {
      run();
    }

    private void run() {
      runs.incrementAndGet();
      begun.countDown();
      awaitUninterruptibly(mayEnd);
      ended.incrementAndGet();
    }
  }
}
