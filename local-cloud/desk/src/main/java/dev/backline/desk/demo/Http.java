package dev.backline.desk.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plain HTTP as anybody could do it with curl. Redirects are looked at, never followed. */
final class Http implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Map<String, String> connectTo;

  /**
   * A client.
   *
   * @param connectTo host and port where another host and port are reached
   */
  Http(Map<String, String> connectTo) {
    this.connectTo = connectTo;
  }

  /** What an answer without JSON has as its JSON. */
  JsonNode none() {
    return JSON.missingNode();
  }

  /** An answer with its JSON body, or with an absent one where the body is no JSON. */
  record Answer(int status, String text, JsonNode json) {
    Answer expect(int expected, String request) {
      Unexpected.unless(
          status == expected,
          "%s: expected %d, but got %d %s".formatted(request, expected, status, text));
      return this;
    }
  }

  boolean answers(String url) throws InterruptedException {
    try {
      return client.send(request(url, Map.of()).build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException nobody) {
      return false;
    }
  }

  Answer get(String url, Map<String, String> headers) throws IOException, InterruptedException {
    return answer(request(url, headers).GET());
  }

  Answer put(String url, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return answer(request(url, headers).PUT(BodyPublishers.ofString(body)));
  }

  Answer post(String url, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return answer(request(url, headers).POST(BodyPublishers.ofString(body)));
  }

  /** Sends a body of any size and hands over the answer as it comes. */
  HttpResponse<InputStream> stream(
      String url, Map<String, String> headers, BodyPublisher body, Duration atMost)
      throws IOException, InterruptedException {
    return client.send(
        request(url, headers).timeout(atMost).POST(body).build(), BodyHandlers.ofInputStream());
  }

  HttpResponse<byte[]> bytes(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    return client.send(request(url, headers).GET().build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<Void> look(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    return client.send(request(url, headers).GET().build(), BodyHandlers.discarding());
  }

  /** Sends a request without a body and answers its status. */
  int send(String method, String url) throws IOException, InterruptedException {
    var request = request(url, Map.of()).method(method, BodyPublishers.noBody()).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private Answer answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    JsonNode json;
    try {
      json = JSON.readTree(response.body());
    } catch (JacksonException noJson) {
      json = JSON.missingNode();
    }
    return new Answer(response.statusCode(), response.body(), json);
  }

  private HttpRequest.Builder request(String url, Map<String, String> headers) {
    URI uri = URI.create(url);
    var request = HttpRequest.newBuilder().timeout(TIMEOUT);
    String where = connectTo.get(uri.getAuthority());
    if (where == null && uri.getHost().endsWith(".localhost")) {
      // Browsers and curl know that all names below localhost are this machine; not each resolver
      // does.
      where = uri.getAuthority().replace(uri.getHost(), "127.0.0.1");
    }
    if (where != null) {
      request.header("Host", uri.getAuthority());
      uri = URI.create(url.replace("//" + uri.getAuthority(), "//" + where));
    }
    request.uri(uri);
    headers.forEach(request::header);
    return request;
  }

  @Override
  public void close() {
    client.close();
  }
}
