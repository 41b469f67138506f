package dev.backline.desk.demo;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Parts of the suite go away in the middle of their work, and nothing is lost or counted twice. */
final class Outages {

  private static final int CLICKS = 10_000;
  private static final int CLICKS_WITHOUT_REDIS = 200;
  private static final String TARGET = "https://example.com/outages";

  /**
   * A message in the hands of a killed worker comes back after the queue's visibility time-out of
   * 60 s.
   */
  private static final Duration AFTER_A_KILL = Duration.ofMinutes(3);

  private static final Duration SOON = Duration.ofSeconds(30);

  private final Api api;
  private final Teller teller;
  private final Path processes;
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  Outages(Api api, Teller teller, Path processes) {
    this.api = api;
    this.teller = teller;
    this.processes = processes;
  }

  void play() throws IOException, InterruptedException {
    killTheWorkerAmongClicks();
    killTheApiAfterAPublish();
    takeRedisAway();
    takeDynamoDbAway();
    teller.end("Nothing was lost, nothing was counted twice.");
  }

  private void killTheWorkerAmongClicks() throws IOException, InterruptedException {
    teller.step(
        String.format(
            Locale.ROOT,
            "event-worker is killed with SIGKILL in the middle of %,d clicks",
            CLICKS));
    String code = api.createLink(Api.link(TARGET), "outages-" + run);
    var left = new AtomicInteger(CLICKS);
    var clicking =
        new FutureTask<>(
            () -> {
              api.click(List.of(api.redirectorUrl(code)), TARGET, left);
              return null;
            });
    Thread.ofVirtual().start(clicking);
    awaitAtMost(SOON, "clicks on their way", () -> left.get() < CLICKS / 2);
    awaitAtMost(SOON, "the first clicks counted", () -> api.clicks(code) > 0);
    kill("event-worker");
    teller.say(
        "killed when %d were clicked and %d counted"
            .formatted(CLICKS - left.get(), api.clicks(code)));
    try {
      clicking.get();
    } catch (ExecutionException e) {
      throw new Unexpected(String.valueOf(e.getCause()));
    }
    awaitAtMost(
        AFTER_A_KILL,
        "an empty queue and %d clicks".formatted(CLICKS),
        () -> api.messages("clicks") == 0 && api.clicks(code) >= CLICKS);
    long counted = api.clicks(code);
    Unexpected.unless(
        counted == CLICKS, "expected exactly %d clicks, but got %d".formatted(CLICKS, counted));
    teller.done("exactly %d".formatted(counted));
  }

  private void killTheApiAfterAPublish() throws IOException, InterruptedException {
    teller.step("be-api is killed with SIGKILL as soon as a publish has answered 200");
    String slug = "outages-" + run;
    api.createCampaign(Api.campaign(slug, "Killed"));
    api.publish(slug);
    kill("be-api");
    api.awaitPreview(slug, AFTER_A_KILL);
    teller.done("the preview is there all the same");
    awaitAtMost(
        AFTER_A_KILL,
        "be-api ready again",
        () -> api.http().answers(api.addresses().api() + "/readyz"));
  }

  private void takeRedisAway() throws IOException, InterruptedException {
    teller.step("Redis goes away");
    String code = api.createLink(Api.link(TARGET), "outages-redis-" + run);
    String readiness = api.addresses().redirector() + "/readyz";
    begin("redis");
    try {
      for (int i = 0; i < CLICKS_WITHOUT_REDIS; i++) {
        api.click(api.redirectorUrl(code), TARGET);
      }
      awaitAtMost(
          SOON, "the redirector DEGRADED, not down", () -> status(readiness).equals("DEGRADED"));
      teller.say("redirects go on, the redirector is ready and DEGRADED");
    } finally {
      end("redis");
    }
    awaitAtMost(SOON, "the redirector UP", () -> status(readiness).equals("UP"));
    awaitAtMost(
        SOON,
        "%d clicks counted".formatted(CLICKS_WITHOUT_REDIS),
        () -> api.clicks(code) == CLICKS_WITHOUT_REDIS);
    teller.done("UP again by itself, every click counted");
  }

  private void takeDynamoDbAway() throws IOException, InterruptedException {
    teller.step("DynamoDB goes away");
    String code = api.createLink(Api.link(TARGET), "outages-dynamodb-" + run);
    api.click(api.redirectorUrl(code), TARGET);
    begin("dynamodb");
    try {
      api.click(api.redirectorUrl(code), TARGET);
      HttpResponse<Void> unknown = api.http().look(api.shortUrl("outage-" + run), Map.of());
      String retryAfter = unknown.headers().firstValue("Retry-After").orElse("");
      Unexpected.unless(
          unknown.statusCode() == 503 && !retryAfter.isEmpty(),
          "expected 503 with Retry-After for a link that is not remembered, but got %d"
              .formatted(unknown.statusCode()));
      teller.say("a remembered link redirects, others answer 503 with Retry-After: " + retryAfter);
    } finally {
      end("dynamodb");
    }
    awaitAtMost(
        SOON,
        "404 for an unknown link",
        () -> api.http().look(api.shortUrl("outage-" + run), Map.of()).statusCode() == 404);
    awaitAtMost(SOON, "2 clicks counted", () -> api.clicks(code) == 2);
    teller.done("back by itself, every click counted");
  }

  private void kill(String part) throws IOException {
    Path file = processes.resolve(part + ".pid");
    Unexpected.unless(
        Files.exists(file),
        "expected %s of a suite that make run of this clone has started".formatted(file));
    String pid = Files.readString(file).strip();
    teller.command("kill -9 $(cat %s)".formatted(file));
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void begin(String outage) throws IOException, InterruptedException {
    teller.command("curl -X PUT " + url(outage));
    int status = api.http().send("PUT", url(outage));
    Unexpected.unless(
        status < 300, "PUT %s: expected success, but got %d".formatted(url(outage), status));
  }

  private void end(String outage) throws IOException, InterruptedException {
    teller.command("curl -X DELETE " + url(outage));
    int status = api.http().send("DELETE", url(outage));
    Unexpected.unless(
        status < 300, "DELETE %s: expected success, but got %d".formatted(url(outage), status));
  }

  private String url(String outage) {
    return api.addresses().cloud() + "/outages/" + outage;
  }

  /**
   * The status in a readiness answer, whatever its HTTP status; only 200 keeps a task in service.
   */
  private String status(String readiness) throws IOException, InterruptedException {
    var answer = api.http().get(readiness, Map.of());
    return answer.status() == 200 ? Api.text(answer.json(), "status") : "not ready";
  }

  /** A question to the suite; while a part is away it may have no answer. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void awaitAtMost(Duration atMost, String what, Condition condition)
      throws InterruptedException {
    long begin = System.nanoTime();
    while (!holds(condition)) {
      Unexpected.unless(
          System.nanoTime() - begin < atMost.toNanos(),
          "expected %s within %s".formatted(what, Teller.seconds(atMost)));
      Api.pause();
    }
  }

  private static boolean holds(Condition condition) throws InterruptedException {
    try {
      return condition.holds();
    } catch (IOException noAnswer) {
      return false;
    }
  }
}
