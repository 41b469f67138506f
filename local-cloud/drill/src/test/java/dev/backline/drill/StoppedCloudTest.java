package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.desk.Suite;
import dev.backline.desk.process.Part;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis and AWS go away, and then the services are told to end. */
class StoppedCloudTest {

  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final Path DIRECTORY = Clone.directoryOf(StoppedCloudTest.class);
  private static final List<String> PARTS = List.of("redis", "sqs", "dynamodb");

  private final FreePorts ports = new FreePorts();
  private Processes processes;
  private Cloud cloud;

  @BeforeEach
  void start() throws Exception {
    processes =
        new Processes(
            Files.createDirectories(DIRECTORY.resolve("logs")), Suite.inherited(System.getenv()));
    cloud = Cloud.start(processes, Clone.ROOT, DIRECTORY, ports, START_LIMIT);
  }

  @AfterEach
  void end() {
    if (cloud != null) {
      cloud.close();
    }
    processes.close();
  }

  @Test
  void servicesEndBeforeTheDeadlineAndSayWhatTheyLost() throws Exception {
    Instance redirector = start("redirector");
    Instance worker = start("event-worker");
    awaitReady(redirector, worker);
    var ledger = new Ledger();
    try (var toRedirector = new RedirectorTraffic(cloud, redirector.slot().url());
        var toWorker = new WorkerTraffic(cloud, worker.slot().url());
        var client = new Client(ledger);
        var _ = Load.start(20, () -> toRedirector.send(client));
        var _ = Load.start(5, () -> toWorker.send(client));
        var ends = Executors.newVirtualThreadPerTaskExecutor()) {
      await().atMost(START_LIMIT).until(() -> ledger.requests().count(Answer.EXPECTED) > 50);

      for (String part : PARTS) {
        cloud.beginOutage(part);
      }
      Future<Instance.Exit> redirectorEnds = ends.submit(end(redirector));
      Future<Instance.Exit> workerEnds = ends.submit(end(worker));

      assertThat(redirectorEnds.get().cutOff()).as("%s", redirector.lastLines()).isFalse();
      assertThat(workerEnds.get().cutOff()).as("%s", worker.lastLines()).isFalse();
      assertThat(redirector.lastLines())
          .anySatisfy(line -> assertThat(line).contains("dropped clicks").contains("clicks.v1"));
      assertThat(redirector.lastLines())
          .anySatisfy(line -> assertThat(line).contains("\"message\":\"Shutdown"));
      assertThat(worker.lastLines())
          .anySatisfy(line -> assertThat(line).contains("\"message\":\"Shutdown"));
      for (String part : PARTS) {
        cloud.endOutage(part);
      }
    }
  }

  private static Callable<Instance.Exit> end(Instance instance) {
    return () -> instance.end(Mode.GRACEFUL);
  }

  private Instance start(String service) throws IOException {
    var slot = new Slot(service, ports.next(), ports.next());
    Part part = cloud.service(service, slot);
    return Instance.start(
        processes, "stopped-cloud-" + service, slot, part.command(), part.environment());
  }

  private static void awaitReady(Instance... instances) {
    for (Instance instance : instances) {
      try (var client = new Client(new Ledger())) {
        await()
            .atMost(START_LIMIT)
            .until(
                () -> {
                  instance.requireRunning();
                  var ready = URI.create(instance.slot().url() + "/readyz");
                  return client
                      .send(HttpRequest.newBuilder(ready), response -> response.statusCode() == 200)
                      .isPresent();
                });
      }
    }
  }
}
