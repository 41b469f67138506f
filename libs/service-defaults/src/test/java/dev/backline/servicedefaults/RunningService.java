package dev.backline.servicedefaults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The test service, started as a service is started, and asked over HTTP. */
public final class RunningService implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();

  private RunningService(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts the service with these arguments; one of the defaults' names replaces the default. */
  public static RunningService start(String... arguments) {
    String[] defaults = {
      "--server.port=0",
      "--spring.application.name=things",
      "--spring.cloud.aws.region.static=ap-northeast-2"
    };
    Map<String, String> all = new LinkedHashMap<>();
    Stream.concat(Arrays.stream(defaults), Arrays.stream(arguments))
        .forEach(argument -> all.put(argument.substring(0, argument.indexOf('=')), argument));
    return new RunningService(
        SpringApplication.run(TestService.class, all.values().toArray(String[]::new)));
  }

  public ConfigurableApplicationContext context() {
    return context;
  }

  int port() {
    return Integer.parseInt(property("local.server.port"));
  }

  int managementPort() {
    return Integer.parseInt(property("local.management.port"));
  }

  private String property(String name) {
    return context.getEnvironment().getRequiredProperty(name);
  }

  public Answer get(String path) {
    return ask(path, request -> request);
  }

  Answer post(String path, String contentType, BodyPublisher body) {
    return ask(path, request -> request.header("Content-Type", contentType).POST(body));
  }

  Answer postJson(String body) {
    return post("/things", "application/json", HttpRequest.BodyPublishers.ofString(body));
  }

  Answer ask(String path, UnaryOperator<HttpRequest.Builder> change) {
    return ask(port(), path, change);
  }

  public Answer getManagement(String path) {
    return ask(managementPort(), path, request -> request);
  }

  private Answer ask(int port, String path, UnaryOperator<HttpRequest.Builder> change) {
    HttpRequest request =
        change.apply(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))).build();
    try {
      return new Answer(http.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends what no HTTP client would send. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException reset) {
        // How a connection ends whose rest the server refuses to read; the answer came before.
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    http.close();
    context.close();
  }

  /** An answer, read as a problem where it is one. */
  public record Answer(HttpResponse<String> response) {

    public int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String body() {
      return response.body();
    }

    public JsonNode json() {
      return JSON.readTree(body());
    }

    boolean isProblem() {
      return header("Content-Type").equals("application/problem+json");
    }

    /** The last part of the problem's type. */
    String slug() {
      String type = json().path("type").asString("");
      return type.replace("https://backline.dev/problems/", "");
    }

    String detail() {
      return json().path("detail").asString("");
    }

    /** {@code field: message}, one per error. */
    List<String> errors() {
      return json()
          .path("errors")
          .valueStream()
          .map(error -> error.path("field").asString() + ": " + error.path("message").asString())
          .toList();
    }
  }
}
