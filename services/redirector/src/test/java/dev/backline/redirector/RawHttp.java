package dev.backline.redirector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * One request, byte for byte as it is written: java.net.http refuses to send what an attacker
 * would.
 */
final class RawHttp {

  private RawHttp() {}

  static Response send(int port, String method, String path, Map<String, String> headers)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      StringBuilder request =
          new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
      request.append("Host: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n");
      headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket
            .getOutputStream()
            .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getInputStream().transferTo(answer);
      } catch (SocketException reset) {
        // How a connection ends whose rest the server refuses to read; the answer came before.
      }
      return Response.parse(answer.toString(StandardCharsets.UTF_8));
    }
  }

  record Response(int status, Map<String, String> headers, String body) {

    private static Response parse(String text) {
      int end = text.indexOf("\r\n\r\n");
      String[] lines = text.substring(0, end).split("\r\n", -1);
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        headers.put(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
      }
      return new Response(
          Integer.parseInt(lines[0].split(" ", -1)[1]), headers, text.substring(end + 4));
    }
  }
}
