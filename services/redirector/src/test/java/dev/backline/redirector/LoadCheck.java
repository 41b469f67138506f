package dev.backline.redirector;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A load check to run by hand against a running redirector; see README.md. It keeps connections
 * open, sends one request at a time on each, and prints the rate and the quantiles of the answer
 * time.
 *
 * <p>Arguments: port, comma-separated codes, connections, seconds.
 */
final class LoadCheck {

  private LoadCheck() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    String[] codes = arguments[1].split(",", -1);
    int connections = Integer.parseInt(arguments[2]);
    int seconds = Integer.parseInt(arguments[3]);
    run(port, codes, connections, Math.max(1, seconds / 3));
    long[] nanos = run(port, codes, connections, seconds);
    Arrays.sort(nanos);
    System.out.printf(
        "%d requests, %.0f/s, p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n",
        nanos.length,
        nanos.length / (double) seconds,
        at(nanos, 0.5),
        at(nanos, 0.9),
        at(nanos, 0.99),
        at(nanos, 0.999));
  }

  private static double at(long[] nanos, double quantile) {
    return nanos[(int) (nanos.length * quantile)] / 1e6;
  }

  private static long[] run(int port, String[] codes, int connections, int seconds)
      throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<Future<long[]>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        int first = i;
        results.add(threads.submit(() -> connection(port, codes, first, end)));
      }
    }
    long[] all = new long[0];
    for (Future<long[]> result : results) {
      long[] part = result.get();
      int length = all.length;
      all = Arrays.copyOf(all, length + part.length);
      System.arraycopy(part, 0, all, length, part.length);
    }
    return all;
  }

  private static long[] connection(int port, String[] codes, int first, long end)
      throws IOException {
    long[] nanos = new long[1 << 20];
    int count = 0;
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = first; System.nanoTime() < end && count < nanos.length; i++) {
        String request =
            "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: %s\r\nReferer: https://example.com/\r\n\r\n"
                .formatted(codes[i % codes.length], RunningRedirector.PHONE);
        long start = System.nanoTime();
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        readRedirect(in);
        nanos[count++] = System.nanoTime() - start;
      }
    }
    return Arrays.copyOf(nanos, count);
  }

  /** A redirect has no body: it ends with the first empty line. */
  private static void readRedirect(InputStream in) throws IOException {
    byte[] status = in.readNBytes(12);
    if (!new String(status, StandardCharsets.US_ASCII).equals("HTTP/1.1 302")) {
      throw new IOException("not a redirect: " + new String(status, StandardCharsets.US_ASCII));
    }
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed in the middle of an answer");
      }
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
  }
}
