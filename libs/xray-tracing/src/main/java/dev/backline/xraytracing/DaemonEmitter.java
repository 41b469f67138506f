package dev.backline.xraytracing;

import com.amazonaws.xray.emitters.Emitter;
import com.amazonaws.xray.entities.Segment;
import com.amazonaws.xray.entities.Subsegment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends finished segments as UDP datagrams. Nothing is buffered, so there is nothing to flush at
 * shutdown; a daemon that is not there costs one system call and no log line per segment. The SDK's
 * own emitter does not let a property win over the environment.
 */
final class DaemonEmitter extends Emitter implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DaemonEmitter.class);

  /** Below the 64 KB of a UDP datagram, with room for headers; the SDK's own limit. */
  static final int MAX_DATAGRAM = 63 * 1024;

  private static final Duration RESOLVE_AGAIN = Duration.ofSeconds(30);

  private final DaemonAddress address;
  private final DatagramChannel channel;
  private final AtomicLong resolvedAt = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile InetSocketAddress target;

  DaemonEmitter(DaemonAddress address) throws IOException {
    this.address = address;
    this.channel = DatagramChannel.open();
    channel.configureBlocking(false);
    this.target = resolve();
  }

  /** Segments that could not be sent: too large, no such host, or a full socket buffer. */
  long lost() {
    return lost.get();
  }

  @Override
  public boolean sendSegment(Segment segment) {
    byte[] document = document(segment.serialize());
    if (document.length > MAX_DATAGRAM) {
      for (Subsegment subsegment : segment.getSubsegmentsCopy()) {
        sendSubsegment(subsegment);
        segment.removeSubsegment(subsegment);
      }
      document = document(segment.serialize());
    }
    return send(document);
  }

  @Override
  public boolean sendSubsegment(Subsegment subsegment) {
    return send(document(subsegment.streamSerialize()));
  }

  private static byte[] document(String json) {
    return (PROTOCOL_HEADER + PROTOCOL_DELIMITER + json).getBytes(StandardCharsets.UTF_8);
  }

  private boolean send(byte[] document) {
    InetSocketAddress to = target;
    if (to.isUnresolved()) {
      resolveLater();
    } else if (document.length <= MAX_DATAGRAM) {
      try {
        if (channel.send(ByteBuffer.wrap(document), to) > 0) {
          return true;
        }
      } catch (IOException unreachable) {
        log.debug("Segment not sent to {}", to, unreachable);
      }
    }
    lost.incrementAndGet();
    return false;
  }

  /** A name server that hangs must not hold up the request that happens to end a segment. */
  private void resolveLater() {
    long last = resolvedAt.get();
    long now = System.nanoTime();
    if (now - last >= RESOLVE_AGAIN.toNanos() && resolvedAt.compareAndSet(last, now)) {
      Thread.ofVirtual().name("xray-resolve").start(() -> target = resolve());
    }
  }

  private InetSocketAddress resolve() {
    resolvedAt.set(System.nanoTime());
    InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
    // Once: a desk without a receiver of traces would hear it twice a minute.
    if (resolved.isUnresolved() && warned.compareAndSet(false, true)) {
      log.warn(
          "X-Ray daemon {}:{} has no address; traces are lost until it has",
          address.host(),
          address.port());
    }
    return resolved;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
