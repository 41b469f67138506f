package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.gracefulshutdown.LameDuck;
import dev.backline.gracefulshutdown.RequestActivity;
import dev.backline.gracefulshutdown.WorkOutcome;
import dev.backline.gracefulshutdown.autoconfigure.DrainedApplication.Running;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class HttpDrainTest {

  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
  }

  @Test
  void requestsAreServedWhileReadinessAlreadySaysNoAndThenTheServerCloses() throws Exception {
    Running app = DrainedApplication.start("--backline.shutdown.lame-duck=20s", "--signal=true");
    var inFlight = client.sendAsync(request(app, "/slow"), BodyHandlers.ofString());
    app.endpoints().entered.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
    await().atMost(Duration.ofMinutes(1)).until(() -> get(app, "/readyz").statusCode() == 503);

    assertThat(get(app, "/livez").statusCode()).isEqualTo(200);
    HttpResponse<String> served = get(app, "/fast");
    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(served.headers().firstValue("Connection")).hasValue("close");

    // Nothing but probes arrives: the connector closes early, the request in flight goes on.
    await().atMost(Duration.ofMinutes(1)).until(() -> refusesConnections(app));
    assertThat(closing).isNotDone();
    assertThat(app.events()).isEmpty();
    app.endpoints().open.countDown();

    assertThat(inFlight.get().body()).isEqualTo("slow");
    closing.get();
    assertThat(app.events()).containsExactly("flush", "client closed");
    assertThat(app.report().complete()).isTrue();
    LameDuck lameDuck = Objects.requireNonNull(app.report().lameDuck());
    assertThat(lameDuck.quiet()).isTrue();
    assertThat(lameDuck.requests()).isEqualTo(1);
  }

  @Test
  void aRequestThatDoesNotEndIsCutOffInTimeForTheFlushAndReported() throws Exception {
    Running app =
        DrainedApplication.start(
            "--backline.shutdown.lame-duck=0s",
            "--backline.shutdown.stop-timeout=3s",
            "--backline.shutdown.safety-margin=1s",
            "--backline.shutdown.flush-reserve=1s");
    var hanging = client.sendAsync(request(app, "/slow"), BodyHandlers.ofString());
    app.endpoints().entered.await();

    app.close();

    assertThat(app.events()).containsExactly("flush", "client closed");
    WorkOutcome requests = work(app, "http-requests");
    assertThat(requests.abandoned()).isEqualTo(1);
    assertThat(requests.threads()).singleElement().asString().contains("Endpoints.slow");
    assertThat(app.report().complete()).isFalse();
    assertThat(hanging.handle((response, failure) -> true).get()).isTrue();
  }

  @Test
  void anAsynchronousResponseCountsUntilItIsComplete() throws Exception {
    try (Running app = DrainedApplication.start("--backline.shutdown.lame-duck=0s")) {
      RequestActivity activity = app.context().getBean(RequestActivity.class);
      var inFlight = client.sendAsync(request(app, "/async"), BodyHandlers.ofString());
      app.endpoints().entered.await();
      assertThat(activity.inFlight()).isEqualTo(1);

      app.endpoints().open.countDown();

      assertThat(inFlight.get().body()).isEqualTo("async");
      await().atMost(Duration.ofMinutes(1)).until(() -> activity.inFlight() == 0);
    }
  }

  @Test
  void aContextThatIsClosedWithoutASignalHasNoLameDuck() {
    Running app = DrainedApplication.start("--backline.shutdown.lame-duck=20s", "--signal=false");

    app.close();

    assertThat(app.report().lameDuck()).isNull();
    assertThat(app.report().complete()).isTrue();
  }

  @Test
  void eventStreamsAreEndedOnceTheLameDuckIsOver() throws Exception {
    Running app = DrainedApplication.start("--backline.shutdown.lame-duck=20s", "--signal=true");
    var open = client.sendAsync(request(app, "/events"), BodyHandlers.ofLines()).get();
    var silent =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create(app.url() + "/silent-events"))
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofString());
    app.endpoints().entered.await();

    app.close();

    assertThat(open.body()).contains("data:hello");
    assertThat(silent.get().statusCode()).isEqualTo(200);
    assertThat(app.report().complete()).isTrue();
    assertThat(work(app, "http-requests").drained()).isEqualTo(2);
  }

  @Test
  void anAnswerThatComesLaterIsAwaitedAndNotTakenForAnEventStream() throws Exception {
    Running app = DrainedApplication.start("--backline.shutdown.lame-duck=0s");
    var later = client.sendAsync(request(app, "/deferred"), BodyHandlers.ofString());
    app.endpoints().entered.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
    await().atMost(Duration.ofMinutes(1)).until(() -> refusesConnections(app));
    app.endpoints().deferred.setResult("later");
    closing.get();

    assertThat(later.get().body()).isEqualTo("later");
    assertThat(app.report().complete()).isTrue();
  }

  @Test
  void readinessIsRefusedOnTheManagementPortTooForAsLongAsItAnswers() throws Exception {
    Running app =
        DrainedApplication.start(
            "--backline.shutdown.lame-duck=20s", "--management.server.port=0", "--signal=true");
    URI readiness =
        URI.create(
            "http://127.0.0.1:"
                + app.context().getEnvironment().getProperty("local.management.port")
                + "/actuator/health/readiness");
    assertThat(status(readiness)).isEqualTo(200);
    var inFlight = client.sendAsync(request(app, "/slow"), BodyHandlers.ofString());
    app.endpoints().entered.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);

    await().atMost(Duration.ofMinutes(1)).until(() -> status(readiness) == 503);
    await().atMost(Duration.ofMinutes(1)).until(() -> refusesConnections(app));
    assertThat(status(readiness)).as("while requests drain").isEqualTo(503);
    app.endpoints().open.countDown();
    assertThat(inFlight.get().body()).isEqualTo("slow");
    closing.get();
  }

  private int status(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }

  private static WorkOutcome work(Running app, String name) {
    return app.report().works().stream()
        .filter(work -> work.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> get(Running app, String path)
      throws IOException, InterruptedException {
    return client.send(request(app, path), BodyHandlers.ofString());
  }

  private boolean refusesConnections(Running app) throws InterruptedException {
    try {
      // A probe's path, since any other request would prolong the lame duck.
      get(app, "/livez");
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static HttpRequest request(Running app, String path) {
    return HttpRequest.newBuilder(URI.create(app.url() + path)).build();
  }
}
