package dev.backline.localcloud.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SegmentReceiverTest {

  @Test
  void garbageNeitherEndsItNorFillsTheLog() throws IOException {
    var traces = new Traces();
    var told = new ListAppender<ILoggingEvent>();
    told.start();
    var log = (Logger) LoggerFactory.getLogger(SegmentReceiver.class);
    log.addAppender(told);
    try (var receiver = SegmentReceiver.start(InetAddress.getLoopbackAddress(), 0, traces);
        var socket = new DatagramSocket()) {
      var garbage = List.of("\u001b[2J\u0000", "{}\n" + "[".repeat(50_000), "", "{\"trace_id\":");
      for (int i = 0; i < 1_000; i++) {
        send(socket, receiver.port(), garbage.get(i % garbage.size()));
      }

      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                send(socket, receiver.port(), "{}\n{\"trace_id\":\"good\",\"id\":\"a\"}");
                assertThat(traces.find("good")).isPresent();
              });

      assertThat(told.list).isNotEmpty().hasSizeLessThan(20);
      assertThat(told.list)
          .noneSatisfy(event -> assertThat(event.getFormattedMessage()).contains("\u001b"));
    } finally {
      log.detachAppender(told);
    }
  }

  private static void send(DatagramSocket socket, int port, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral("127.0.0.1"), port));
  }
}
