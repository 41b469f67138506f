package dev.backline.aottraining;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Starts a service as its image will start it, asks it a few things and stops it with SIGTERM, upon
 * which the JVM writes what it has learnt: {@code java … Training app.aot
 * http://127.0.0.1:8080/livez … -- java -jar app.jar}. The service finds an AWS that knows nothing
 * ({@link EmptyCloud}) and a PostgreSQL without a row ({@link EmptyDatabase}), so that an image can
 * be built where there is none.
 *
 * <p>A run that only builds the application context ({@code -Dspring.context.exit=onRefresh}) needs
 * none of this, and leaves out the server, the first request and every client.
 */
public final class Training {

  /** Fifty times what a start takes; a build machine may be busy, or emulate another processor. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

  /** Of a JVM that was ended by SIGTERM, and of one that has taken it for a request to stop. */
  private static final List<Integer> STOPPED = List.of(143, 0);

  private static final int NOTHING = 0;

  private Training() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int end = Arrays.asList(arguments).indexOf("--");
    if (end < 2 || end + 2 > arguments.length) {
      System.err.println("usage: Training app.aot http://127.0.0.1:8080/path … -- java option …");
      System.exit(2);
    }
    Path cache = Path.of(arguments[0]);
    List<URI> questions = Arrays.stream(arguments, 1, end).map(URI::create).toList();
    try {
      run(cache, questions, List.of(arguments).subList(end + 1, arguments.length));
    } catch (FailedTrainingException e) {
      System.err.println("The training failed: " + e.getMessage());
      System.exit(1);
    }
    System.out.printf("%s: %,d bytes%n", cache, Files.size(cache));
  }

  /**
   * @param command without {@code -XX:AOTCacheOutput}
   */
  private static void run(Path cache, List<URI> questions, List<String> command)
      throws IOException, InterruptedException, FailedTrainingException {
    List<String> recorded = new ArrayList<>(command);
    recorded.add(1, "-XX:AOTCacheOutput=" + cache);
    try (var cloud = EmptyCloud.start();
        var database = EmptyDatabase.start()) {
      var service = new ProcessBuilder(recorded).inheritIO();
      service.environment().putAll(cloud.environment());
      service.environment().putAll(database.environment());
      Process process = service.start();
      try {
        ask(questions, process);
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new FailedTrainingException("it does not stop");
        }
      } finally {
        process.destroyForcibly();
      }
      if (!STOPPED.contains(process.exitValue())) {
        throw new FailedTrainingException("exit code " + process.exitValue());
      }
    }
    if (!Files.exists(cache)) {
      throw new FailedTrainingException("the JVM wrote no " + cache);
    }
  }

  /**
   * The first question until the service is up and answers it with 200, the others once, whatever
   * the answer is: a service without Redis has learnt something, too.
   */
  private static void ask(List<URI> questions, Process service)
      throws InterruptedException, FailedTrainingException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      ask(http, questions.getFirst(), service, status -> status == 200);
      for (URI question : questions.subList(1, questions.size())) {
        ask(http, question, service, status -> status != NOTHING);
      }
    }
  }

  private static void ask(HttpClient http, URI question, Process service, IntPredicate enough)
      throws InterruptedException, FailedTrainingException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int status = statusOf(http, question);
    while (!enough.test(status)) {
      if (!service.isAlive()) {
        throw new FailedTrainingException(
            "it ended by itself with exit code " + service.exitValue());
      }
      if (System.nanoTime() - end > 0) {
        throw new FailedTrainingException(question + " is not answered");
      }
      Thread.sleep(BETWEEN_ATTEMPTS);
      status = statusOf(http, question);
    }
    System.out.printf("%s answers %d%n", question, status);
  }

  /** {@link #NOTHING} while nobody listens there. */
  private static int statusOf(HttpClient http, URI question) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(question).timeout(Duration.ofSeconds(20)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return NOTHING;
    }
  }

  private static final class FailedTrainingException extends Exception {
    FailedTrainingException(String message) {
      super(message);
    }
  }
}
