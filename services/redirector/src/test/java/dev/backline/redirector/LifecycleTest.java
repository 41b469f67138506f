package dev.backline.redirector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import dev.backline.localcloud.junit.OutageProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@LocalCloud
@ExtendWith(OutputCaptureExtension.class)
class LifecycleTest {

  @Test
  void aStoppedRedirectorHasSentEveryClick(Cloud cloud) throws Exception {
    // Clicks would be gathered for ten minutes: only the stop can send them.
    RunningRedirector redirector =
        new RunningRedirector(cloud, "backline.redirector.clicks.batch-delay=10m");
    redirector.put("last", "https://example.com/last");
    for (int i = 0; i < 150; i++) {
      redirector.get("/last");
    }

    redirector.close();

    await().until(() -> redirector.clicksOf("last").size() >= 150);
    assertThat(redirector.clicksOf("last")).hasSize(150);
    assertThat(redirector.messages)
        .filteredOn(message -> message.body().contains("\"last\""))
        .hasSize(1);
  }

  @Test
  void whatCannotBeSentIsInTheLogReadyToReplay(Cloud cloud, CapturedOutput output)
      throws Exception {
    RunningRedirector redirector =
        new RunningRedirector(
            cloud,
            "backline.shutdown.enabled=false",
            "backline.redirector.clicks.close-timeout=2s",
            "backline.redirector.clicks.buffer=20",
            "backline.redirector.clicks.batch-size=10");
    redirector.put("lost", "https://example.com/lost");
    redirector.sqs.cut();
    for (int i = 0; i < 100; i++) {
      assertThat(redirector.get("/lost").statusCode()).isEqualTo(302);
    }
    double dropped = redirector.metric("redirector.clicks.dropped", "reason", "buffer-full");
    assertThat(dropped).isPositive();

    redirector.close();

    // Every click stands in one of the lines, as a message that could be sent.
    assertThat(output.getAll().split("\\\\\"code\\\\\":\\\\\"lost\\\\\"", -1)).hasSize(101);
    assertThat(output.getAll())
        .contains("\\\"type\\\":\\\"clicks.v1\\\"")
        .doesNotContain("Mozilla");
  }

  @Test
  void aRedirectorStartsWithoutRedisAndHearsOfChangesOnceRedisIsThere(Cloud cloud)
      throws Exception {
    OutageProxy late = OutageProxy.to(cloud.redisUri());
    late.cut();
    try (late;
        RunningRedirector redirector =
            new RunningRedirector(cloud, "spring.data.redis.port=" + late.port())) {
      redirector.put("early", "https://example.com/old");
      assertThat(redirector.locationOf("/early")).isEqualTo("https://example.com/old");

      late.restore();
      redirector.put("early", "https://example.com/new");

      await()
          .ignoreExceptions()
          .until(
              () -> {
                redirector.tellChanged("early");
                return redirector.metric("redirector.link.changes") > 0;
              });
      // A change is counted before it is obeyed.
      await()
          .untilAsserted(
              () ->
                  assertThat(redirector.locationOf("/early")).isEqualTo("https://example.com/new"));
    }
  }
}
