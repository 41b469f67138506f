package dev.backline.servicedefaults.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import dev.backline.localcloud.junit.OutageProxy;
import dev.backline.servicedefaults.RunningService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service with everything, of which Redis is optional; the proxies take things away. */
@LocalCloud
class HealthDefaultsTest {

  private static OutageProxy redis;
  private static OutageProxy aws;
  private static RunningService service;

  @BeforeAll
  static void start(Cloud cloud) {
    redis = OutageProxy.to(cloud.redisUri());
    aws = OutageProxy.to(cloud.endpoint());
    List<String> arguments = new ArrayList<>();
    cloud.springProperties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    arguments.addAll(
        List.of(
            "--spring.data.redis.host=127.0.0.1",
            "--spring.data.redis.port=" + redis.port(),
            "--spring.cloud.aws.endpoint=" + aws.instead(cloud.endpoint()),
            "--backline.health.optional=redis",
            "--backline.health.timeout=5s",
            "--backline.health.dynamodb-tables="
                + cloud.table("links")
                + ","
                + cloud.table("link-stats"),
            "--backline.health.sqs-queues=" + cloud.queue("clicks"),
            "--management.server.port=0"));
    service = RunningService.start(arguments.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    service.close();
    redis.close();
    aws.close();
  }

  @AfterEach
  void everythingIsBack() {
    redis.restore();
    aws.restore();
    await().untilAsserted(() -> assertReadiness(200, "UP"));
  }

  @Test
  void everythingIsAskedByRealCalls() {
    await().untilAsserted(() -> assertReadiness(200, "UP"));

    var components = service.getManagement("/actuator/health").json().path("components");
    assertThat(List.of("dynamoDb", "sqs", "redis", "db"))
        .allSatisfy(
            name ->
                assertThat(components.path(name).path("status").asString())
                    .as(name)
                    .isEqualTo("UP"));
    assertThat(components.path("dynamoDb").path("details").path("tables").size()).isEqualTo(2);
  }

  @Test
  void withoutSomethingOptionalTheServiceIsDegradedAndStillReady() {
    redis.cut();

    await().untilAsserted(() -> assertReadiness(200, "DEGRADED"));
    assertThat(service.get("/livez").status()).isEqualTo(200);
  }

  @Test
  void withoutSomethingItNeedsTheServiceIsAliveAndNotReady() {
    aws.cut();

    await().untilAsserted(() -> assertReadiness(503, "DOWN"));
    assertThat(service.get("/livez").status()).isEqualTo(200);
    assertThat(service.getManagement("/actuator/health/readiness").status()).isEqualTo(503);
  }

  private static void assertReadiness(int httpStatus, String status) {
    var answer = service.get("/readyz");
    assertThat(answer.status()).as(answer.body()).isEqualTo(httpStatus);
    assertThat(answer.json().path("status").asString()).isEqualTo(status);
  }
}
