package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Timeout(180)
class SigtermTest {

  @Test
  void aProcessThatGetsSigtermIsLameDuckDrainsReportsAndExitsWithZero() throws Exception {
    try (ChildProcess service = ChildProcess.start(DrainedApplication.class)) {
      service.awaitLine("running http");

      service.signal("TERM");

      service.awaitLine("serving on until the balancer has noticed");
      service.awaitLine("Shutdown: everything drained");
      assertThat(service.exitCode()).isZero();
    }
  }

  @Test
  void whatTheDeadlineCutOffIsSeenInTheExitCodeAndInTheReport() throws Exception {
    try (ChildProcess service =
            ChildProcess.start(
                DrainedApplication.class,
                "--backline.shutdown.stop-timeout=4s",
                "--backline.shutdown.safety-margin=1s",
                "--backline.shutdown.lame-duck=0s",
                "--backline.shutdown.flush-reserve=1s");
        HttpClient client = HttpClient.newHttpClient()) {
      String url = service.awaitLine("running http").replace("running ", "");
      var hanging =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create(url + "/slow")).build(), BodyHandlers.ofString());
      service.awaitLine("slow has begun");

      service.signal("TERM");

      assertThat(service.awaitLine("Shutdown: not everything drained"))
          .contains("http-requests: 0 drained, 1 cut off, 1 abandoned");
      assertThat(service.exitCode()).isEqualTo(124);
      assertThat(service.lines()).anyMatch(line -> line.contains("Endpoints.slow"));
      assertThat(hanging).failsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void aRequestOfTenSecondsThatBeganBeforeSigtermIsAnswered() throws Exception {
    try (ChildProcess service = ChildProcess.start(DrainedApplication.class);
        HttpClient client = HttpClient.newHttpClient()) {
      String url = service.awaitLine("running http").replace("running ", "");
      var response =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create(url + "/ten-seconds")).build(),
              BodyHandlers.ofString());
      service.awaitLine("ten seconds have begun");

      service.signal("TERM");

      assertThat(response.get().body()).isEqualTo("ten seconds are over");
      assertThat(service.exitCode()).isZero();
    }
  }

  @Test
  void aSecondSigtermChangesNothing() throws Exception {
    try (ChildProcess service = ChildProcess.start(DrainedApplication.class)) {
      service.awaitLine("running http");

      service.signal("TERM");
      service.awaitLine("serving on until the balancer has noticed");
      service.signal("TERM");

      service.awaitLine("Shutdown: everything drained");
      assertThat(service.exitCode()).isZero();
    }
  }

  @Test
  void aSecondCtrlCEndsItAtOnce() throws Exception {
    try (ChildProcess service =
            ChildProcess.start(DrainedApplication.class, "--backline.shutdown.lame-duck=0s");
        HttpClient client = HttpClient.newHttpClient()) {
      String url = service.awaitLine("running http").replace("running ", "");
      var hanging =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create(url + "/slow")).build(), BodyHandlers.ofString());
      service.awaitLine("slow has begun");

      service.signal("INT");
      service.awaitLine("Commencing graceful shutdown");
      // The same signal within a second counts once: the terminal's and one that make passed on.
      while (service.isAlive()) {
        service.signal("INT");
        service.exitsWithin(Duration.ofMillis(200));
      }

      assertThat(service.exitCode()).isEqualTo(130);
      assertThat(hanging).failsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void aProcessThatIsToldToStopWhileItStartsTakesNoWork() throws Exception {
    try (ChildProcess service = ChildProcess.start(SlowStart.class)) {
      service.awaitLine("being made");

      service.signal("TERM");

      service.awaitLine("told to stop while starting; no work was taken");
      assertThat(service.exitCode()).as("the JVM's own").isEqualTo(143);
      assertThat(service.lines()).noneMatch(line -> line.startsWith("\tat "));
      assertThat(service.lines()).noneMatch(line -> line.contains("running"));
    }
  }

  @Test
  void aProcessThatWouldNotEndIsHaltedInTimeAndSaysWhereItHung() throws Exception {
    try (ChildProcess service =
        ChildProcess.start(
            HangingClose.class,
            "--backline.shutdown.stop-timeout=5s",
            "--backline.shutdown.safety-margin=3s",
            "--backline.shutdown.lame-duck=0s",
            "--backline.shutdown.flush-reserve=500ms")) {
      service.awaitLine("running");

      service.signal("TERM");

      service.awaitLine("Shutdown: everything drained");
      service.awaitLine("did not end by itself and is halted");
      assertThat(service.exitCode()).isEqualTo(ProcessExit.CUT_OFF);
      assertThat(service.lines()).anyMatch(line -> line.contains("HangingClose$Client.close"));
    }
  }

  @Test
  void aJvmThatLivesHasNoSignal() {
    assertThat(ShutdownSignal.jvmIsEnding()).isFalse();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class SlowStart {

    public static void main(String[] args) {
      SpringApplication.run(SlowStart.class, args);
      System.out.println("running");
    }

    @Bean
    Object slow() throws InterruptedException {
      System.out.println("being made");
      while (!ShutdownSignal.jvmIsEnding()) {
        Thread.sleep(10);
      }
      return new Object();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class HangingClose {

    public static void main(String[] args) {
      SpringApplication.run(HangingClose.class, args);
      System.out.println("running");
    }

    @Bean
    Client client() {
      return new Client();
    }

    static final class Client implements AutoCloseable {
      @Override
      public void close() {
        while (true) {
          LockSupport.park();
        }
      }
    }
  }
}
