package dev.backline.eventworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.eventworker.clicks.Clicks;
import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import dev.backline.localcloud.junit.OutageProxy;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

@LocalCloud
class OutageTest {

  private static final int MESSAGES = 30;
  private static final int CLICKS = 50;

  /**
   * Two deliveries are all that a message has here: one that fails when the outage begins, and one
   * afterwards. Without the gate, messages would be put aside during the outage.
   */
  @Test
  void anOutageOfDynamoDbCostsNoClickAndNoMessage(Cloud cloud) {
    TestCloud tests = new TestCloud(cloud);
    try (OutageProxy proxy = OutageProxy.to(cloud.endpoint())) {
      Map<String, String> properties = new TreeMap<>(cloud.springProperties());
      properties.put(
          "spring.cloud.aws.dynamodb.endpoint", proxy.instead(cloud.endpoint()).toString());
      properties.put("backline.worker.inbox.poll-timeout", "1s");
      properties.put("backline.worker.inbox.max-receives", "2");
      properties.put("backline.worker.inbox.first-retry-delay", "1s");
      properties.put("backline.worker.inbox.first-probe-delay", "100ms");
      properties.put("backline.worker.inbox.longest-probe-delay", "500ms");
      try (ConfigurableApplicationContext worker = start(properties)) {
        MeterRegistry meters = worker.getBean(MeterRegistry.class);
        send(tests, "before");
        await().atMost(TestCloud.PATIENCE).until(() -> tests.persons("before") > 0);
        proxy.cut();
        send(tests, "during");
        await()
            .atMost(TestCloud.PATIENCE)
            .until(
                () -> meters.counter("messages.intake.probes", "outcome", "failed").count() >= 3);
        assertThat(meters.get("messages.intake.open").gauge().value()).isZero();
        long waiting = tests.waiting("clicks");
        assertThat(waiting).isGreaterThanOrEqualTo(MESSAGES);

        proxy.restore();
        tests.awaitEmpty("clicks");
      }
    }
    assertThat(tests.persons("before")).isEqualTo(MESSAGES * CLICKS);
    assertThat(tests.persons("during")).isEqualTo(MESSAGES * CLICKS);
    assertThat(tests.waiting("clicks-dlq")).isZero();
  }

  private static void send(TestCloud cloud, String code) {
    for (int i = 0; i < MESSAGES; i++) {
      cloud.send("clicks", Clicks.batch().persons(CLICKS, Clicks.now(), code + i).body());
    }
  }

  private static ConfigurableApplicationContext start(Map<String, String> properties) {
    return new SpringApplicationBuilder(EventWorkerApplication.class)
        .web(WebApplicationType.NONE)
        .run(
            properties.entrySet().stream()
                .map(entry -> "--%s=%s".formatted(entry.getKey(), entry.getValue()))
                .toArray(String[]::new));
  }
}
