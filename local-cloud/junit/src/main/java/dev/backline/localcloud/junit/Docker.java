package dev.backline.localcloud.junit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images that Docker has, asked through its command line. Testcontainers cannot be asked: it
 * starts a container of its own first, and tries for minutes to pull what is missing.
 *
 * @param program the command line's name or path
 */
record Docker(String program) {

  private static final Logger log = LoggerFactory.getLogger(Docker.class);

  /** An engine that is there answers within a second. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final Duration PULL = Duration.ofMinutes(15);

  private record Answer(boolean succeeded, String text) {}

  /** Whether the image is there; false, too, where Docker is missing or does not answer. */
  boolean has(String image) {
    return ask(ANSWER, "image", "inspect", "--format", "{{.Id}}", image).succeeded();
  }

  /**
   * Pulls the image if it is not there, once.
   *
   * @throws IllegalStateException with what Docker says, if it cannot be had
   */
  void require(String image) {
    if (has(image)) {
      return;
    }
    log.info("Pulling {}", image);
    var pull = ask(PULL, "pull", "--quiet", image);
    if (!pull.succeeded()) {
      throw new IllegalStateException(
          "The image " + image + " is not there and cannot be pulled: " + pull.text());
    }
  }

  private Answer ask(Duration limit, String... arguments) {
    var command = new ArrayList<String>();
    command.add(program);
    command.addAll(List.of(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
          .execute(process::destroyForcibly);
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor() == 0, text.strip());
    } catch (IOException e) {
      return new Answer(false, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(false, "interrupted");
    }
  }
}
