package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What names and variables lead to; the tests of the contract are those that use the clouds. */
@LocalCloud(shared = "contract")
class CloudChoiceTest {

  private static final Docker NO_DOCKER = new Docker("no-such-program");

  @Test
  void anExternalCloudIsAwsAndTheOtherServersStayTheEmbeddedOnes() {
    var embedded = choice(Map.of()).connect("embedded");
    var external =
        choice(
                Map.of(
                    "AWS_ENDPOINT_URL", "https://127.0.0.1:1",
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "mine"))
            .connect("external");

    assertThat(external.emulator()).isEqualTo("external");
    assertThat(external.aws().endpoint()).hasScheme("https").hasPort(1);
    assertThat(external.aws().region()).isEqualTo("us-east-1");
    assertThat(external.aws().accessKey()).isEqualTo("mine");
    assertThat(external.redis()).isEqualTo(embedded.redis());
    assertThat(external.postgres()).isEqualTo(embedded.postgres());
    assertThat(external.traces()).isEqualTo(embedded.traces());
  }

  @Test
  void serversOfOthersAreNeverEmptied() {
    var external =
        choice(
                Map.of(
                    "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                    "REDIS_URL", "redis://redis:6379",
                    "JDBC_URL", "jdbc:postgresql://postgres/tests",
                    "JDBC_USER", "me"))
            .connect("external");

    assertThat(external.redis().uri()).hasHost("redis");
    assertThat(external.redis().ours()).isFalse();
    assertThat(external.postgres().jdbcUrl()).isEqualTo("jdbc:postgresql://postgres/tests");
    assertThat(external.postgres().user()).isEqualTo("me");
  }

  @Test
  void anExternalCloudNeedsItsAddress() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> choice(Map.of()).connect("external"))
        .withMessageContaining("AWS_ENDPOINT_URL");
  }

  @Test
  void anEmulatorWithoutItsImageIsAnErrorAndNotAnotherCloud() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> choice(Map.of()).connect("floci"))
        .withMessageContaining("floci/floci:");
  }

  @Test
  void aNameThatNobodyKnowsIsAnswered() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> choice(Map.of()).connect("moto"))
        .withMessage("-Dcloud=moto: choose embedded, localstack, floci or external");
  }

  private static CloudChoice choice(Map<String, String> environment) {
    return new CloudChoice(NO_DOCKER, null, environment);
  }
}
