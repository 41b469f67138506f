package dev.backline.desk.demo;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Steady use of every service while somebody stops and starts them. In the end no request has
 * failed, and the statistics have each click once.
 */
final class Load {

  /** A message in the hands of a worker that died comes back after 60 s. */
  private static final Duration COUNTED = Duration.ofMinutes(2);

  private static final String TARGET = "https://example.com/load";
  private static final int SHOWN_FAILURES = 10;

  private final Api api;
  private final Teller teller;
  private final String balancer;
  private final CompletableFuture<?> end;
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger clicks = new AtomicInteger();
  private final AtomicInteger links = new AtomicInteger();
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  Load(Api api, Teller teller, String balancer, CompletableFuture<?> end) {
    this.api = api;
    this.teller = teller;
    this.balancer = balancer;
    this.end = end;
  }

  @FunctionalInterface
  private interface Request {
    void send() throws IOException, InterruptedException;
  }

  void play() throws IOException, InterruptedException {
    teller.step("The suite is used, until it is enough");
    String code = api.createLink(Api.link(TARGET), "load-" + run);
    var users = new ArrayList<Thread>();
    // Below the firewall's 20,000 requests in five minutes for one address, all together.
    users.add(every(50, () -> click(balancer + "/" + code)));
    users.add(every(50, () -> click(balancer + "/" + code)));
    users.add(every(100, () -> click(api.shortUrl(code))));
    users.add(every(100, () -> get(api.shortUrl(code) + "+")));
    users.add(every(100, () -> get(api.campaigns())));
    users.add(every(200, this::createLink));
    teller.say("under load");
    await(end);
    users.forEach(Thread::interrupt);
    for (Thread user : users) {
      user.join();
    }
    failures.stream().limit(SHOWN_FAILURES).forEach(teller::say);
    Unexpected.unless(
        failures.isEmpty(),
        String.format(Locale.ROOT, "%d of %,d requests failed", failures.size(), requests.get()));
    teller.done(String.format(Locale.ROOT, "%,d requests, 0 failed", requests.get()));
    count(code);
  }

  private void count(String code) throws IOException, InterruptedException {
    teller.step("Each click is counted once");
    long counted = api.clicks(code);
    while (counted < clicks.get() && teller.sinceStep().compareTo(COUNTED) < 0) {
      Api.pause();
      counted = api.clicks(code);
    }
    Unexpected.unless(
        counted == clicks.get(),
        "expected exactly %d clicks, but got %d".formatted(clicks.get(), counted));
    teller.done(String.format(Locale.ROOT, "exactly %,d", counted));
  }

  private static void await(CompletableFuture<?> end) {
    try {
      end.get(1, TimeUnit.HOURS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new Unexpected("nobody said that it is enough: " + e);
    }
  }

  private Thread every(int millis, Request request) {
    return Thread.ofVirtual()
        .start(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                try {
                  send(request);
                  Thread.sleep(millis);
                } catch (InterruptedException enough) {
                  return;
                }
              }
            });
  }

  /** On a thread of its own, so that a request that is under way at the end is finished. */
  private void send(Request request) throws InterruptedException {
    var sent =
        Thread.ofVirtual()
            .start(
                () -> {
                  requests.incrementAndGet();
                  try {
                    request.send();
                  } catch (IOException | Unexpected e) {
                    failures.add(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + e);
                  } catch (InterruptedException nobodyDoes) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      sent.join();
    } catch (InterruptedException enough) {
      sent.join();
      throw enough;
    }
  }

  private void click(String url) throws IOException, InterruptedException {
    api.click(url, TARGET);
    clicks.incrementAndGet();
  }

  private void get(String url) throws IOException, InterruptedException {
    int status = api.http().look(url, Api.PERSON).statusCode();
    Unexpected.unless(
        status == 200, "GET %s: expected 200, but got %d".formatted(URI.create(url), status));
  }

  private void createLink() throws IOException, InterruptedException {
    api.createLink(Api.link(TARGET), "load-" + run + "-" + links.incrementAndGet());
  }
}
