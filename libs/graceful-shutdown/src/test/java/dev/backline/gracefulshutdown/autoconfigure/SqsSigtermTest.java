package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.gracefulshutdown.autoconfigure.SqsServer.Queue;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Timeout(180)
class SqsSigtermTest {

  private static final SqsServer server = SqsServer.start();

  @AfterAll
  static void stopSqs() {
    server.close();
  }

  @Test
  void aMessageOfTenSecondsThatBeganBeforeSigtermIsHandledAndDeleted() throws Exception {
    Queue queue = server.newQueue();
    try (ChildProcess service = start(queue)) {
      queue.send("10");
      service.awaitLine("begun 10");

      service.signal("TERM");

      service.awaitLine("ended 10");
      service.awaitLine("Shutdown: everything drained");
      assertThat(service.exitCode()).isZero();
    }
    assertThat(queue.left()).isEqualTo("0/0");
  }

  @Test
  void aMessageThatCannotEndInTimeIsThereForOthersWhenTheProcessHasGone() throws Exception {
    Queue queue = server.newQueue();
    try (ChildProcess service =
        start(
            queue,
            "--backline.shutdown.stop-timeout=6s",
            "--backline.shutdown.safety-margin=1s",
            "--backline.shutdown.lame-duck=0s")) {
      queue.send("100");
      service.awaitLine("begun 100");

      service.signal("TERM");

      assertThat(service.exitCode()).isIn(ProcessExit.DRAINED, ProcessExit.CUT_OFF);
      assertThat(service.lines()).noneMatch(line -> line.contains("ended 100"));
    }
    assertThat(queue.receiveNow(1)).containsExactly("100");
  }

  private static ChildProcess start(Queue queue, String... arguments) throws Exception {
    ChildProcess service =
        ChildProcess.start(
            Consumer.class,
            Stream.concat(
                    Stream.of(
                        "--spring.cloud.aws.sqs.enabled=true",
                        "--spring.cloud.aws.sqs.endpoint=" + server.endpoint(),
                        "--queue=" + queue.name()),
                    Stream.of(arguments))
                .toArray(String[]::new));
    service.awaitLine("running");
    return service;
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Consumer.Listener.class)
  static class Consumer {

    public static void main(String[] args) {
      SpringApplication.run(Consumer.class, args);
      System.out.println("running");
    }

    static class Listener {

      /** A message is the number of seconds that it takes. */
      @SqsListener("${queue}")
      void handle(String seconds) throws InterruptedException {
        System.out.println("begun " + seconds);
        boolean never = new CountDownLatch(1).await(Long.parseLong(seconds), TimeUnit.SECONDS);
        System.out.println((never ? "" : "ended ") + seconds);
      }
    }
  }
}
