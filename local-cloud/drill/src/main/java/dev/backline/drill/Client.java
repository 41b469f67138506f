package dev.backline.drill;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** A keep-alive client that enters each request in the ledger and hides nothing. */
final class Client implements AutoCloseable {

  /** Longer than any stop takes: a request that a stop delays is late, not lost. */
  static final Duration TIMEOUT = Duration.ofSeconds(35);

  private static final int EXPLAINED_CHARACTERS = 200;

  private final HttpClient http = Http.client();
  private final Ledger ledger;

  Client(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Sends a request; empty unless the answer is as expected. */
  Optional<HttpResponse<String>> send(
      HttpRequest.Builder request, Predicate<HttpResponse<String>> expected)
      throws InterruptedException {
    long begin = System.nanoTime();
    Answer answer;
    Optional<HttpResponse<String>> response = Optional.empty();
    try {
      HttpResponse<String> received =
          http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      answer = judge(received, expected);
      response = Optional.of(received);
    } catch (ConnectException e) {
      answer = Answer.REFUSED;
    } catch (HttpTimeoutException e) {
      answer = Answer.TIMEOUT;
    } catch (IOException e) {
      answer = Answer.RESET;
    }
    ledger.add(answer, Duration.ofNanos(System.nanoTime() - begin));
    return answer == Answer.EXPECTED ? response : Optional.empty();
  }

  private Answer judge(HttpResponse<String> response, Predicate<HttpResponse<String>> expected) {
    if (expected.test(response)) {
      return Answer.EXPECTED;
    }
    boolean byBalancer = response.headers().firstValue(Balancer.SLOT_HEADER).isEmpty();
    if (byBalancer && response.statusCode() == 502) {
      return Answer.BAD_GATEWAY;
    }
    if (byBalancer && response.statusCode() == 503) {
      return Answer.UNAVAILABLE;
    }
    String body = response.body();
    ledger.explain(
        "%s %s answered with %d %s"
            .formatted(
                response.request().method(),
                response.request().uri().getPath().replaceAll("[0-9].*", "..."),
                response.statusCode(),
                body.substring(0, Math.min(body.length(), EXPLAINED_CHARACTERS))));
    return Answer.WRONG;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
