package dev.backline.localcloud.traces;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the X-Ray daemon is to an application: a UDP socket that takes segment documents. */
public final class SegmentReceiver implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SegmentReceiver.class);
  private static final int MAX_DATAGRAM = 65_536;
  private static final long BETWEEN_COMPLAINTS_NANOS = 10_000_000_000L;

  private final DatagramSocket socket;
  private final Traces traces;
  private long refused;
  private long complainedAt;

  private SegmentReceiver(DatagramSocket socket, Traces traces) {
    this.socket = socket;
    this.traces = traces;
  }

  /**
   * Listens on this address.
   *
   * @param port 0 for any
   */
  public static SegmentReceiver start(InetAddress address, int port, Traces traces)
      throws IOException {
    var socket = new DatagramSocket(new InetSocketAddress(address, port));
    var receiver = new SegmentReceiver(socket, traces);
    Thread.ofPlatform().daemon().name("x-ray-receiver").start(receiver::receive);
    return receiver;
  }

  public int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void receive() {
    var packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
    while (!socket.isClosed()) {
      try {
        packet.setLength(MAX_DATAGRAM);
        socket.receive(packet);
        accept(
            new String(
                packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          log.warn("X-Ray receiver: {}", e.toString());
        }
      } catch (RuntimeException e) {
        // The socket is open to every process of this machine: nothing that it sends may end the
        // receiver.
        refuse(e);
      }
    }
  }

  /** A header line, then one document. */
  private void accept(String datagram) {
    traces.add(datagram.substring(datagram.indexOf('\n') + 1));
  }

  /**
   * Tells of the first and then now and then, so that a flood does not become one of the log; and
   * not what was sent, since a terminal could obey it.
   */
  private void refuse(RuntimeException e) {
    refused++;
    var now = System.nanoTime();
    if (refused == 1 || now - complainedAt > BETWEEN_COMPLAINTS_NANOS) {
      complainedAt = now;
      log.warn(
          "X-Ray receiver: not a segment document ({}); {} refused so far",
          e.getClass().getSimpleName(),
          refused);
    }
  }
}
