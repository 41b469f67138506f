package dev.backline.drill;

import dev.backline.datastack.signingkey.SigningKey;
import dev.backline.desk.Apps;
import dev.backline.desk.ClassArchives;
import dev.backline.desk.Port;
import dev.backline.desk.Settings;
import dev.backline.desk.Suite;
import dev.backline.desk.Token;
import dev.backline.desk.process.Child;
import dev.backline.desk.process.ListeningPort.Protocol;
import dev.backline.desk.process.Part;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** AWS, Redis and PostgreSQL for one drill, on ports of its own. */
final class Cloud implements AutoCloseable {

  private static final String NAME = "local-cloud";

  private final Map<Port, Integer> ports = new EnumMap<>(Port.class);
  private final HttpClient http = Http.client();
  private final Duration startLimit;
  private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
  private final Apps apps;
  private final ClassArchives archives;
  private final Path keyFile;
  private final SqsClient sqs;
  private final DynamoDbClient dynamoDb;

  private Cloud(Path root, Path directory, FreePorts free, Duration startLimit) {
    this.startLimit = startLimit;
    this.apps = new Apps(root, directory.resolve("apps"), java);
    this.archives = new ClassArchives(directory.resolve("archives"));
    this.keyFile = directory.resolve("signing-key.json");
    for (Port port : List.of(Port.CLOUD, Port.REDIS, Port.POSTGRES)) {
      ports.put(port, free.next());
    }
    ports.put(Port.XRAY, free.next(Protocol.UDP));
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    this.sqs =
        SqsClient.builder()
            .endpointOverride(URI.create(url()))
            .region(Region.AP_NORTHEAST_2)
            .credentialsProvider(credentials)
            .build();
    this.dynamoDb =
        DynamoDbClient.builder()
            .endpointOverride(URI.create(url()))
            .region(Region.AP_NORTHEAST_2)
            .credentialsProvider(credentials)
            .build();
  }

  /**
   * Starts the cloud and waits until its tables are there.
   *
   * @param root of the clone
   * @param directory for everything that is kept from drill to drill
   */
  static Cloud start(
      Processes processes, Path root, Path directory, FreePorts free, Duration startLimit)
      throws IOException, InterruptedException {
    var cloud = new Cloud(root, directory, free, startLimit);
    Part part = cloud.suite(cloud.ports).cloud();
    Child child =
        processes.start(
            NAME, part.command(), Map.of("KEY_FILE", cloud.keyFile.toAbsolutePath().toString()));
    while (!cloud.answers(part.readiness())) {
      if (!child.isAlive()) {
        throw processes.failure(NAME, child, "ended by itself");
      }
      if (child.age().compareTo(startLimit) > 0) {
        throw processes.failure(
            NAME, child, "is not ready after %d s".formatted(startLimit.toSeconds()));
      }
      Thread.sleep(100);
    }
    return cloud;
  }

  /** An instance of one of the three services, in that slot. */
  Part service(String name, Slot slot) throws IOException {
    var all = new EnumMap<>(ports);
    for (Port port : List.of(Port.API, Port.REDIRECTOR, Port.WORKER)) {
      all.put(port, slot.port());
    }
    for (Port port : List.of(Port.API_MANAGEMENT, Port.REDIRECTOR_MANAGEMENT)) {
      all.put(port, slot.managementPort());
    }
    return suite(all).service(name);
  }

  private Suite suite(Map<Port, Integer> all) {
    return new Suite(
        new Settings(all, Optional.empty(), List.of(), startLimit), java, apps, archives);
  }

  /** Makes later starts cheaper; a start costs more than anything else in a drill. */
  void makeArchives(Map<String, String> environment) throws IOException, InterruptedException {
    if (!archives.areComplete()) {
      archives.make(Suite.inherited(environment), () -> false);
    }
  }

  String url() {
    return "http://127.0.0.1:" + ports.get(Port.CLOUD);
  }

  SqsClient sqs() {
    return sqs;
  }

  DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  String token() throws IOException {
    return Token.sign(SigningKey.at(keyFile), Token.ALL_SCOPES, Duration.ofDays(1), Instant.now());
  }

  /** Takes a part away: {@code redis}, {@code sqs}, {@code dynamodb}. */
  void beginOutage(String part) throws IOException, InterruptedException {
    outage("PUT", part);
  }

  void endOutage(String part) throws IOException, InterruptedException {
    outage("DELETE", part);
  }

  private void outage(String method, String part) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url() + "/outages/" + part))
            .method(method, BodyPublishers.noBody())
            .build();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    if (status >= 300) {
      throw new IllegalStateException("%s /outages/%s: %d".formatted(method, part, status));
    }
  }

  private boolean answers(URI uri) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    sqs.close();
    dynamoDb.close();
  }
}
