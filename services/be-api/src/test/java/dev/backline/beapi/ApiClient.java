package dev.backline.beapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks real HTTP to the service, as one caller. */
public record ApiClient(int port, @Nullable String token) {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = new JsonMapper();

  /** An answer with its body as text and, where it is JSON, as tree. */
  public record Answer(HttpResponse<String> response) {

    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public List<JsonNode> lines() {
      return response.body().lines().<JsonNode>map(JSON::readTree).toList();
    }

    public @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    public String etag() {
      return Objects.requireNonNull(header("ETag"), "ETag");
    }

    public Answer is(int status) {
      assertThat(status()).as(body()).isEqualTo(status);
      return this;
    }

    /** Checks that this is a problem with this type. */
    public Answer isProblem(int status, String slug) {
      is(status);
      assertThat(header("Content-Type")).startsWith("application/problem+json");
      assertThat(json().path("type").asString()).isEqualTo("https://backline.dev/problems/" + slug);
      assertThat(json().path("status").asInt()).isEqualTo(status);
      return this;
    }

    /** Checks that this is a refusal of a field that there is not. */
    public Answer doesNotKnow(String field) {
      isProblem(400, "unknown-field");
      assertThat(json().path("errors").path(0).path("field").asString())
          .as(body())
          .isEqualTo(field);
      return this;
    }

    /** Checks that this is a refusal of one field. */
    public Answer refuses(String field) {
      isProblem(400, "validation-failed");
      assertThat(json().path("errors").path(0).path("field").asString())
          .as(body())
          .isEqualTo(field);
      return this;
    }
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  public Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  public Answer post(String path, Object body, String... headers) {
    return json("POST", path, body, headers);
  }

  public Answer put(String path, Object body, String... headers) {
    return json("PUT", path, body, headers);
  }

  public Answer patch(String path, Object body, String... headers) {
    return json("PATCH", path, body, headers);
  }

  public Answer post(String path, String contentType, BodyPublisher body, String... headers) {
    var all = List.of(headers).toArray(new String[headers.length + 2]);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = contentType;
    return send("POST", path, body, all);
  }

  /** Sends a map as JSON, and a string as it is. */
  private Answer json(String method, String path, Object body, String... headers) {
    var text = body instanceof String string ? string : JSON.writeValueAsString(body);
    var all = List.of(headers).toArray(new String[headers.length + 2]);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return send(method, path, BodyPublishers.ofString(text), all);
  }

  public Answer send(String method, String path, BodyPublisher body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A map that may hold nulls, unlike {@link Map#of}. */
  public static Map<String, @Nullable Object> nulled(String key) {
    var map = new HashMap<String, @Nullable Object>();
    map.put(key, null);
    return map;
  }
}
