package dev.backline.desk.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.desk.process.ListeningPort.Protocol;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListeningPortTest {

  @Test
  void aTakenPortNamesItsOwnerAndTheVariableThatChangesIt() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var port = new ListeningPort("be-api", "PORT_API", socket.getLocalPort(), Protocol.TCP);

      assertThat(port.isTaken()).isTrue();
      assertThat(port.explanation())
          .contains("port " + socket.getLocalPort() + " (be-api) is in use by ")
          .contains("(pid " + ProcessHandle.current().pid() + ")")
          .contains("PORT_API=<port>");
    }
  }

  @Test
  void aListenerOnAllAddressesTakesThePortToo() throws IOException {
    try (var socket = new ServerSocket(0)) {
      assertThat(
              new ListeningPort("Redis", "PORT_REDIS", socket.getLocalPort(), Protocol.TCP)
                  .isTaken())
          .isTrue();
    }
  }

  @Test
  void aUdpPortIsLookedAtAsSuch() throws IOException {
    try (var socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      var port = new ListeningPort("X-Ray", "PORT_XRAY", socket.getLocalPort(), Protocol.UDP);

      assertThat(port.isTaken()).isTrue();
      assertThat(port.explanation()).contains("(pid " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void aPortThatWasJustGivenBackIsFree() throws IOException {
    int number;
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      number = socket.getLocalPort();
    }
    assertThat(new ListeningPort("be-api", "PORT_API", number, Protocol.TCP).isTaken()).isFalse();
  }
}
