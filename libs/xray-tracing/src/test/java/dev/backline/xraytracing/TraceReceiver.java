package dev.backline.xraytracing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon: keeps every segment that arrives by UDP. */
final class TraceReceiver implements AutoCloseable {

  private final DatagramSocket socket;
  private final ConcurrentLinkedQueue<JsonNode> segments = new ConcurrentLinkedQueue<>();

  TraceReceiver() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    // What arrives while the reader has to wait for a processor is kept, as far as the system lets.
    socket.setReceiveBufferSize(4 << 20);
    Thread.ofVirtual().start(this::receive);
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void receive() {
    JsonMapper json = new JsonMapper();
    byte[] buffer = new byte[65_536];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
        segments.add(json.readTree(text.substring(text.indexOf('\n') + 1)));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  List<JsonNode> all() {
    return List.copyOf(segments);
  }

  JsonNode await(Predicate<JsonNode> wanted) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> segments.stream().anyMatch(wanted));
    return segments.stream().filter(wanted).findFirst().orElseThrow();
  }

  JsonNode awaitUrl(String path) {
    return await(segment -> segment.at("/http/request/url").asString("").endsWith(path));
  }

  /** The segment's subsegments at any depth. */
  static List<JsonNode> subsegments(JsonNode segment) {
    List<JsonNode> found = new ArrayList<>();
    children(segment)
        .forEach(
            child -> {
              found.add(child);
              found.addAll(subsegments(child));
            });
    return found;
  }

  static Stream<JsonNode> children(JsonNode segment) {
    return StreamSupport.stream(segment.path("subsegments").spliterator(), false);
  }

  @Override
  public void close() {
    socket.close();
  }
}
