package dev.backline.gracefulshutdown.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;

/**
 * The task protection endpoint of the ECS container agent, which acts for the task it is asked by.
 * <a
 * href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html">Requests
 * and answers</a>: {@code protection} when it is done, {@code failure} with status 200 when ECS
 * refused it, {@code error} when ECS could not be asked, was not allowed to answer or throttles.
 */
final class EcsAgent implements AutoCloseable {

  /** The agent itself gives ECS 4 s. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int LONGEST_QUOTE = 200;

  private final URI endpoint;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /**
   * @param agentUri the task's ECS_AGENT_URI
   */
  EcsAgent(String agentUri) {
    this.endpoint = URI.create(agentUri + "/task-protection/v1/state");
  }

  /**
   * @throws IOException if the task is not protected now; says why
   */
  void protect(Duration expiresIn) throws IOException, InterruptedException {
    put("{\"ProtectionEnabled\":true,\"ExpiresInMinutes\":" + expiresIn.toMinutes() + "}", true);
  }

  /**
   * @throws IOException if the task may still be protected; says why
   */
  void release() throws IOException, InterruptedException {
    put("{\"ProtectionEnabled\":false}", false);
  }

  private void put(String body, boolean wanted) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    Map<String, Object> answer = parse(response);
    if (!(answer.get("protection") instanceof Map<?, ?> protection)
        || !Boolean.valueOf(wanted).equals(protection.get("ProtectionEnabled"))) {
      throw new IOException(
          "status " + response.statusCode() + ", " + quote(String.valueOf(answer)));
    }
  }

  private static Map<String, Object> parse(HttpResponse<String> response) throws IOException {
    try {
      return JsonParserFactory.getJsonParser().parseMap(response.body());
    } catch (JsonParseException | ClassCastException malformed) {
      throw new IOException(
          "status " + response.statusCode() + ", not JSON: " + quote(response.body()), malformed);
    }
  }

  private static String quote(String text) {
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
