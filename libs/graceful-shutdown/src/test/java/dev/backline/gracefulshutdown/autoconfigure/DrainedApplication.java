package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.ShutdownReport;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A service that notes in which order things end. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(DrainedApplication.Endpoints.class)
class DrainedApplication {

  private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

  public static void main(String[] args) {
    var context = SpringApplication.run(DrainedApplication.class, args);
    System.out.println("running " + url(context));
  }

  static Running start(String... arguments) {
    SpringApplication application = new SpringApplication(DrainedApplication.class);
    application.setRegisterShutdownHook(false);
    return new Running(
        application.run(
            Stream.concat(Stream.of("--backline.shutdown.lame-duck-quiet=3s"), Stream.of(arguments))
                .toArray(String[]::new)));
  }

  private static String url(ConfigurableApplicationContext context) {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  /** What a test needs after the context is gone. */
  record Running(
      ConfigurableApplicationContext context,
      String url,
      Shutdown shutdown,
      Endpoints endpoints,
      ConcurrentLinkedQueue<String> events)
      implements AutoCloseable {

    private Running(ConfigurableApplicationContext context) {
      this(
          context,
          DrainedApplication.url(context),
          context.getBean(Shutdown.class),
          context.getBean(Endpoints.class),
          context.getBean(DrainedApplication.class).events);
    }

    ShutdownReport report() {
      return Objects.requireNonNull(shutdown.report());
    }

    @Override
    public void close() {
      context.close();
    }
  }

  @Bean
  @ConditionalOnProperty("signal")
  ShutdownSignal signal(@Value("${signal}") boolean received) {
    return () -> received;
  }

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
      public void flush(Deadline deadline) {
        events.add("flush");
      }
    };
  }

  /** Stops where LettuceConnectionFactory stops. */
  @Bean
  SmartLifecycle client() {
    return new SmartLifecycle() {
      private volatile boolean running;

      @Override
      public void start() {
        running = true;
      }

      @Override
      public void stop() {
        running = false;
        events.add("client closed");
      }

      @Override
      public boolean isRunning() {
        return running;
      }

      @Override
      public int getPhase() {
        return 0;
      }
    };
  }

  @RestController
  static class Endpoints {

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    @GetMapping("/fast")
    String fast() {
      return "fast";
    }

    @GetMapping("/slow")
    String slow() throws InterruptedException {
      System.out.println("slow has begun");
      entered.countDown();
      open.await();
      return "slow";
    }

    @GetMapping("/ten-seconds")
    String tenSeconds() throws InterruptedException {
      System.out.println("ten seconds have begun");
      Thread.sleep(Duration.ofSeconds(10));
      return "ten seconds are over";
    }

    @GetMapping("/events")
    SseEmitter events() throws IOException {
      SseEmitter emitter = new SseEmitter(0L);
      emitter.send("hello");
      return emitter;
    }

    /** An event stream that has sent nothing yet, so that its response has no content type. */
    @GetMapping("/silent-events")
    SseEmitter silentEvents() {
      entered.countDown();
      return new SseEmitter(0L);
    }

    final DeferredResult<String> deferred = new DeferredResult<>();

    @GetMapping("/deferred")
    DeferredResult<String> deferred() {
      entered.countDown();
      return deferred;
    }

    @GetMapping("/async")
    Callable<String> async() {
      return () -> {
        slow();
        return "async";
      };
    }
  }
}
