package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientTest {

  private final Ledger ledger = new Ledger();
  private final Client client = new Client(ledger);

  @Test
  void aRequestOnAConnectionThatBreaksIsEnteredAndNotRepeated() throws Exception {
    var requests = new AtomicInteger();
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerOnlyTheFirst(server, requests));
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort()));

      assertThat(client.send(request, response -> response.statusCode() == 200)).isPresent();
      assertThat(client.send(request, response -> response.statusCode() == 200)).isEmpty();
    }
    assertThat(requests).hasValue(2);
    assertThat(ledger.requests().count(Answer.EXPECTED)).isEqualTo(1);
    assertThat(ledger.requests().count(Answer.RESET)).isEqualTo(1);
  }

  @Test
  void aPortWhereNobodyListensIsAConnectionRefused() throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + new FreePorts().next()));

    client.send(request, response -> true);

    assertThat(ledger.requests().count(Answer.REFUSED)).isEqualTo(1);
  }

  private static void answerOnlyTheFirst(ServerSocket server, AtomicInteger requests) {
    while (true) {
      try (Socket socket = server.accept()) {
        var lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.isEmpty()) {
            if (requests.incrementAndGet() > 1) {
              break;
            }
            socket
                .getOutputStream()
                .write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        .getBytes(StandardCharsets.US_ASCII));
          }
        }
      } catch (IOException closed) {
        return;
      }
    }
  }
}
