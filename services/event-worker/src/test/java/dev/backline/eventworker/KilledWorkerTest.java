package dev.backline.eventworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.eventworker.clicks.Clicks;
import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@LocalCloud
class KilledWorkerTest {

  private static final int MESSAGES = 50;
  private static final int CLICKS = 200;

  @Test
  void tenThousandClicksAreTenThousandHoweverWorkersEnd(Cloud cloud, @TempDir Path logs)
      throws IOException, InterruptedException {
    TestCloud tests = new TestCloud(cloud);
    // What the killed worker has in hand comes back after this, instead of a minute.
    hideReceivedFor(5, cloud);
    List<Process> workers = new ArrayList<>();
    try {
      workers.add(start(cloud, logs.resolve("killed.log")));
      send(tests);
      await().atMost(TestCloud.PATIENCE).until(() -> tests.persons("") > 0);
      workers.getFirst().destroyForcibly().waitFor();
      assertThat(tests.persons("")).isLessThan(MESSAGES * CLICKS);

      hideReceivedFor(60, cloud);
      workers.add(start(cloud, logs.resolve("second.log")));
      workers.add(start(cloud, logs.resolve("third.log")));
      tests.awaitEmpty("clicks");
    } finally {
      workers.forEach(Process::destroyForcibly);
    }

    assertThat(tests.persons("")).isEqualTo(MESSAGES * CLICKS);
    assertThat(tests.waiting("clicks-dlq")).isZero();
  }

  private static void hideReceivedFor(int seconds, Cloud cloud) {
    cloud
        .sqs()
        .setQueueAttributes(
            set ->
                set.queueUrl(cloud.queueUrl("clicks"))
                    .attributes(
                        Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, String.valueOf(seconds))));
  }

  /** Each of them twice, as a queue may deliver them. */
  private static void send(TestCloud cloud) {
    Random random = new Random(1);
    for (int message = 0; message < MESSAGES; message++) {
      Clicks clicks = Clicks.batch();
      for (int i = 0; i < CLICKS; i++) {
        clicks.persons(1, Clicks.now(), "c" + random.nextInt(150));
      }
      cloud.send("clicks", clicks.body());
      cloud.send("clicks", clicks.body());
    }
  }

  private static Process start(Cloud cloud, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.real.class.path", System.getProperty("java.class.path")),
                EventWorkerApplication.class.getName(),
                "--server.port=0",
                "--backline.worker.inbox.poll-timeout=1s"));
    cloud.springProperties().forEach((name, value) -> command.add("--" + name + "=" + value));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(log.toUri()))
        .start();
  }
}
