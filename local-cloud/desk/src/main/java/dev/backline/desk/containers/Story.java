package dev.backline.desk.containers;

import dev.backline.datastack.signingkey.SigningKey;
import dev.backline.desk.Command;
import dev.backline.desk.Token;
import dev.backline.desk.UsageException;
import dev.backline.desk.demo.Addresses;
import dev.backline.desk.demo.Stories;
import dev.backline.desk.demo.TraceStore;
import dev.backline.gracefulshutdown.StopSignals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * {@code docker compose run --rm demo}: plays a story against the containers, from one beside them.
 * It tells the addresses that a person on the host would use.
 */
public final class Story {

  /** Measured on two busy processors: an import that takes 8 s on a desk took 47 s. */
  private static final int PATIENCE = 4;

  /** The name has an address only while the container runs. */
  private static final String JAEGER = "jaeger";

  private Story() {}

  /** Takes {@code demo} or {@code load}; exits with 0 only when every step held. */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    Command.run(() -> System.exit(play(arguments[0], System.getenv()) ? 0 : 1));
  }

  private static boolean play(String story, Map<String, String> environment) throws IOException {
    var stage = stage(environment);
    try {
      return switch (story) {
        case "demo" -> Stories.demo(stage);
        case "load" -> {
          var enough = new CompletableFuture<Void>();
          StopSignals.listen(signal -> enough.complete(null));
          yield Stories.load(stage, "http://balancer:8080", enough);
        }
        default -> throw new UsageException("There is no story '" + story + "'");
      };
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the main thread", e);
    }
  }

  private static Stories.Stage stage(Map<String, String> environment) throws IOException {
    String edge = environment.getOrDefault("PORT_EDGE", "8080");
    String cloud = environment.getOrDefault("PORT_CLOUD", "4566");
    String jaeger = environment.getOrDefault("PORT_JAEGER", "16686");
    String web = "http://localhost:" + edge;
    String shortLinks = "http://go.localhost:" + edge;
    var addresses =
        new Addresses(
            web,
            shortLinks,
            "http://be-api:8080",
            "http://redirector:8080",
            "http://127.0.0.1:" + cloud,
            "http://localhost:%s/__edge"
                .formatted(environment.getOrDefault("PORT_EDGE_CONTROL", "8090")),
            environment.getOrDefault("CLOUD", "").equals("local-cloud")
                ? new TraceStore.LocalCloud("http://127.0.0.1:" + cloud)
                : jaeger("http://127.0.0.1:" + jaeger),
            List.of(web + "/", "http://be-api:8080/readyz", "http://redirector:8080/readyz"),
            Map.of(
                "localhost:" + edge,
                "local-edge:8080",
                "go.localhost:" + edge,
                "local-edge:8080",
                "127.0.0.1:" + cloud,
                "cloud:4566",
                "127.0.0.1:" + jaeger,
                JAEGER + ":16686"));
    String token =
        Token.sign(
            SigningKey.at(Token.keyFile(environment)),
            Token.ALL_SCOPES,
            Duration.ofHours(1),
            Instant.now());
    return new Stories.Stage(
        addresses, token, "docker compose run --rm token", "docker compose up", false, PATIENCE);
  }

  private static TraceStore jaeger(String url) {
    try {
      InetAddress[] _ = InetAddress.getAllByName(JAEGER);
      return new TraceStore.Jaeger(url);
    } catch (UnknownHostException notStarted) {
      return new TraceStore.None("docker compose --profile observability up starts Jaeger.");
    }
  }
}
