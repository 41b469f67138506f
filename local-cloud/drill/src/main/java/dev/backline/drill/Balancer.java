package dev.backline.drill;

import dev.backline.desk.process.Child;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** HAProxy, set up to be no kinder than an ALB. */
final class Balancer {

  /**
   * In a request it chooses the instance, where it has to be a certain one; in an answer it tells
   * the instance, and is absent where the balancer itself has answered.
   */
  static final String SLOT_HEADER = "X-Drill-Slot";

  /** Column of the statistics' CSV, HAProxy management guide 9.1. */
  private static final int STATUS = 17;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final HttpClient http = Http.client();
  private final int port;
  private final int statusPort;

  private Balancer(int port, int statusPort) {
    this.port = port;
    this.statusPort = statusPort;
  }

  /**
   * Starts HAProxy and waits until it knows that no instance is there.
   *
   * @param haproxy the program
   * @param readiness path of the health check; 200 means ready
   * @param lag failed checks, one per second, after which an instance gets no more requests
   */
  static Balancer start(
      Processes processes,
      String name,
      Path haproxy,
      FreePorts ports,
      List<Slot> slots,
      String readiness,
      int lag)
      throws IOException, InterruptedException {
    var balancer = new Balancer(ports.next(), ports.next());
    Path file = processes.log(name).resolveSibling(name + ".cfg");
    Files.writeString(
        file, configuration(balancer.port, balancer.statusPort, slots, readiness, lag));
    Child child =
        processes.start(
            name,
            List.of(haproxy.toString(), "-db", "-f", file.toAbsolutePath().toString()),
            Map.of());
    long begin = System.nanoTime();
    while (!balancer.knowsThatNobodyServes(slots)) {
      if (!child.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
        throw processes.failure(
            name, child, "(HAProxy) does not run, or somebody else answers on an instance's port");
      }
      Thread.sleep(50);
    }
    return balancer;
  }

  static String configuration(
      int port, int statusPort, List<Slot> slots, String readiness, int lag) {
    String choices =
        slots.stream()
            .map(
                slot ->
                    "  use-server %1$s if { req.hdr(%2$s) %1$s }"
                        .formatted(slot.name(), SLOT_HEADER))
            .collect(Collectors.joining("\n"));
    String servers =
        slots.stream()
            .map(slot -> "  server %s 127.0.0.1:%d".formatted(slot.name(), slot.port()))
            .collect(Collectors.joining("\n"));
    return """
        global
          maxconn 4000

        defaults
          mode http
          timeout connect 10s
          # Idle time-out of an ALB
          timeout client 60s
          timeout server 60s
          # Of an ALB, too: an instance that has no time is not one that is not ready
          timeout check 5s

        frontend clients
          bind 127.0.0.1:%d
          default_backend instances

        backend instances
          balance roundrobin
          # An ALB answers 502 when an instance refuses or breaks a connection. HAProxy must not try another one.
          retries 0
          no option redispatch
          # An ALB sends requests of any client over any idle connection.
          http-reuse always
          http-response set-header %s %%s
          option httpchk
          http-check send meth GET uri %s ver HTTP/1.1 hdr Host drill
          http-check expect status 200
          default-server check inter 1s rise 2 fall %d
        %s
        %s

        frontend status
          bind 127.0.0.1:%d
          option httpclose
          stats enable
          stats uri /status
        """
        .formatted(port, SLOT_HEADER, readiness, lag, choices, servers, statusPort);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Whether new requests are sent there. */
  boolean sendsTo(Slot slot) throws InterruptedException {
    try {
      String prefix = "instances," + slot.name() + ",";
      return status()
          .lines()
          .filter(line -> line.startsWith(prefix))
          .anyMatch(line -> line.split(",", -1)[STATUS].startsWith("UP"));
    } catch (IOException e) {
      throw new DrillException("HAProxy does not answer any more: " + e);
    }
  }

  /** It takes every instance for ready until the first check has failed. */
  private boolean knowsThatNobodyServes(List<Slot> slots) throws InterruptedException {
    try {
      status();
    } catch (IOException notYet) {
      return false;
    }
    for (Slot slot : slots) {
      if (sendsTo(slot)) {
        return false;
      }
    }
    return true;
  }

  private String status() throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:%d/status;csv".formatted(statusPort));
    return http.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString())
        .body();
  }
}
