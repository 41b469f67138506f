package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@LocalCloud(shared = "contract")
class OutageProxyTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void cuttingEndsConnectionsAndRestoringLetsNewOnesThroughOnTheSamePort(Cloud cloud)
      throws IOException {
    try (var proxy = OutageProxy.to(cloud.redisUri());
        var before = new Socket(LOOPBACK, proxy.port())) {
      assertThat(ping(before)).isEqualTo("+PONG");

      proxy.cut();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> ping(before));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> new Socket(LOOPBACK, proxy.port()).close());

      proxy.restore();
      try (var after = new Socket(LOOPBACK, proxy.port())) {
        assertThat(ping(after)).isEqualTo("+PONG");
      }
    }
  }

  @Test
  void aUriKeepsItsSchemeAndPathByWayOfTheProxy() {
    try (var proxy = OutageProxy.to(URI.create("https://emulator"))) {
      assertThat(proxy.instead(URI.create("https://emulator/path")))
          .isEqualTo(URI.create("https://127.0.0.1:" + proxy.port() + "/path"));
    }
  }

  private static String ping(Socket socket) throws IOException {
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
    var answer = socket.getInputStream().readNBytes(7);
    if (answer.length < 7) {
      throw new IOException("closed");
    }
    return new String(answer, StandardCharsets.US_ASCII).strip();
  }
}
