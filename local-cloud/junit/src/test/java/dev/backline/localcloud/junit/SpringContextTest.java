package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;

@LocalCloud(shared = "contract")
@SpringBootTest(
    classes = SpringContextTest.Application.class,
    properties = "backline.resources.clicks-queue=chosen-by-the-test")
class SpringContextTest {

  @SpringBootApplication
  static class Application {}

  private final Environment environment;
  private final StringRedisTemplate redis;

  SpringContextTest(@Autowired Environment environment, @Autowired StringRedisTemplate redis) {
    this.environment = environment;
    this.redis = redis;
  }

  @Test
  void aSpringTestIsConnectedToItsCloud(Cloud cloud) {
    assertThat(environment.getProperty("spring.cloud.aws.endpoint"))
        .isEqualTo(cloud.endpoint().toString());
    assertThat(environment.getProperty("backline.resources.links-table"))
        .isEqualTo(cloud.table("links"));
    assertThat(environment.getProperty("backline.resources.clicks-dead-letter-queue"))
        .isEqualTo(cloud.queue("clicks-dlq"));
    assertThat(environment.getProperty("backline.resources.campaign-events-topic-arn"))
        .isEqualTo(cloud.topicArn("campaign-events"));
    redis.opsForValue().set("spring", "connected");
    assertThat(redis.opsForValue().get("spring")).isEqualTo("connected");
  }

  @Test
  void whatTheTestItselfSetsWins() {
    assertThat(environment.getProperty("backline.resources.clicks-queue"))
        .isEqualTo("chosen-by-the-test");
  }
}
