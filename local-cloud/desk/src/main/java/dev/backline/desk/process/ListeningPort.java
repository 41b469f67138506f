package dev.backline.desk.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A port that a part is going to listen on, on 127.0.0.1.
 *
 * @param purpose what it is for, in a word or two
 * @param variable the setting that changes it
 */
public record ListeningPort(String purpose, String variable, int number, Protocol protocol) {

  /** The transport. */
  public enum Protocol {
    TCP,
    UDP
  }

  /** Whether somebody listens there already, on 127.0.0.1 or on all addresses. */
  public boolean isTaken() {
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), number);
    return switch (protocol) {
      case TCP -> answers(address) || !canListen(address);
      case UDP -> !canReceive(address);
    };
  }

  /** Who has it and what to do, for a person. */
  public String explanation() {
    String owner = PortOwner.of(this).map(who -> "by " + who).orElse("by another program");
    return "port %d (%s) is in use %s; %s=<port> chooses another one"
        .formatted(number, purpose, owner, variable);
  }

  /**
   * Where a listener on all addresses does not keep a second one from 127.0.0.1 (BSD, macOS), only
   * this shows it.
   */
  private static boolean answers(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address, 500);
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }

  private static boolean canListen(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static boolean canReceive(InetSocketAddress address) {
    try (var socket = new DatagramSocket(address)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
