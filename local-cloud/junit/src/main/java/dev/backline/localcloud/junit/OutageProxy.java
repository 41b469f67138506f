package dev.backline.localcloud.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy that can be cut, so that a test sees how its subject behaves when a server is gone.
 * After {@link #cut()} connections are reset and new ones refused, as when the server process has
 * died.
 */
public final class OutageProxy implements AutoCloseable {

  private final String host;
  private final int targetPort;
  private final int port;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket listener;

  private OutageProxy(String host, int targetPort) {
    this.host = host;
    this.targetPort = targetPort;
    var first = listen(0);
    this.listener = first;
    this.port = first.getLocalPort();
  }

  /** Starts a proxy on a free port of 127.0.0.1. */
  public static OutageProxy to(String host, int port) {
    return new OutageProxy(host, port);
  }

  /**
   * Starts a proxy before the server that a URI names, with the port of its scheme if it names
   * none.
   */
  public static OutageProxy to(URI server) {
    var port = server.getPort();
    return to(server.getHost(), port >= 0 ? port : "https".equals(server.getScheme()) ? 443 : 80);
  }

  /** A URI of the server, by way of this proxy. */
  public URI instead(URI server) {
    return URI.create(
        server.getScheme()
            + "://127.0.0.1:"
            + port
            + Objects.requireNonNullElse(server.getRawPath(), ""));
  }

  /** The port of 127.0.0.1 to connect to. */
  public int port() {
    return port;
  }

  /** Resets all connections and refuses new ones. */
  public synchronized void cut() {
    var open = listener;
    listener = null;
    if (open != null) {
      closeQuietly(open);
    }
    connections.forEach(OutageProxy::reset);
    connections.clear();
  }

  /** Lets connections through again, on the same port. */
  public synchronized void restore() {
    if (listener == null) {
      listener = listen(port);
    }
  }

  @Override
  public void close() {
    cut();
  }

  private ServerSocket listen(int wantedPort) {
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), wantedPort));
      Thread.ofVirtual().start(() -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        connections.add(client);
        Thread.ofVirtual().start(() -> connect(client, socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client, ServerSocket acceptedBy) {
    try {
      var server = new Socket(host, targetPort);
      connections.add(server);
      if (acceptedBy.isClosed()) {
        reset(client);
        reset(server);
        return;
      }
      Thread.ofVirtual().start(() -> copy(client, server));
      copy(server, client);
    } catch (IOException e) {
      reset(client);
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either side has gone; the other one follows.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      connections.remove(from);
      connections.remove(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // already closed
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It is to be gone, and it is.
    }
  }
}
