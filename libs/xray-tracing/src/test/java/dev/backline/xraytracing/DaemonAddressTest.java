package dev.backline.xraytracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonAddressTest {

  @Test
  void bothFormsOfTheVariableAreUnderstood() {
    assertThat(DaemonAddress.parse("127.0.0.1:2000"))
        .isEqualTo(new DaemonAddress("127.0.0.1", 2000));
    assertThat(DaemonAddress.parse("tcp:collector:2001 udp:collector:2000"))
        .isEqualTo(new DaemonAddress("collector", 2000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "collector", ":2000", "collector:", "a:0", "a:65536", "tcp:a:2000"})
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DaemonAddress.parse(text))
        .withMessageContaining("host:port");
  }
}
