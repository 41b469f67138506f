package dev.backline.desk;

import dev.backline.desk.logs.LogRenderer;
import dev.backline.desk.process.ListeningPort;
import dev.backline.desk.process.Screen;
import dev.backline.desk.process.Supervisor;
import dev.backline.gracefulshutdown.StopSignals;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/** {@code make run}: the cloud and the services as separate processes, until Ctrl-C. */
public final class Run {

  /** What a running suite leaves for the other commands, and its logs. */
  static final Path DIRECTORY = Path.of(".backline", "run");

  static final Path WRITTEN_DOWN = DIRECTORY.resolve("ports.properties");

  private static final Path LOCK = DIRECTORY.resolve("lock");
  private static final Path APPS = Path.of("target", "run");

  /** Between SIGTERM and SIGKILL, as on ECS ({@code stopTimeout}). */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private Run() {}

  /**
   * Started in the root of the clone, with {@code DESK_COLOURS=1} where the output is a terminal.
   */
  public static void main(String[] arguments) throws IOException {
    Command.run(() -> System.exit(run(System.getenv())));
  }

  private static int run(Map<String, String> environment) throws IOException {
    var screen = new Screen(System.out, "1".equals(environment.get("DESK_COLOURS")));
    Settings settings = Settings.of(environment);
    Files.createDirectories(DIRECTORY);
    try (FileChannel channel =
        FileChannel.open(
            LOCK, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      lock(channel);
      Path javaHome = Path.of(System.getProperty("java.home"));
      Path java = javaHome.resolve("bin").resolve("java");
      var archives = new ClassArchives(APPS.resolve("archives"));
      var suite = new Suite(settings, java, new Apps(Path.of("."), APPS, java), archives);
      refuseTakenPorts(suite, settings);
      var supervisor =
          new Supervisor(
              suite.stages(),
              new Supervisor.Limits(settings.startLimit(), STOP_LIMIT),
              Suite.inherited(environment),
              DIRECTORY,
              new LogRenderer(screen.colours(), ZoneId.systemDefault()),
              screen);
      StopSignals.listen(signal -> supervisor.stop());
      settings.writeDown(WRITTEN_DOWN);
      try {
        screen.say("Starting (logs: " + DIRECTORY + "/*.log)");
        return supervisor.run(
            () -> {
              bringFiles(settings, screen);
              makeArchives(archives, environment, supervisor, screen);
              if (!supervisor.isEnding()) {
                screen.say(welcome(settings));
              }
            });
      } finally {
        Files.deleteIfExists(WRITTEN_DOWN);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the main thread", e);
    }
  }

  private static void bringFiles(Settings settings, Screen screen) {
    var cloud =
        BucketFiles.client()
            .endpointOverride(URI.create(settings.url(Port.CLOUD)))
            .region(Region.of(Suite.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    try (var s3 = cloud.build()) {
      new BucketFiles(s3).bringAll(Path.of("."));
    } catch (IOException | SdkException e) {
      screen.say("  The site and its images could not be brought into S3: " + e.getMessage());
    }
  }

  private static void makeArchives(
      ClassArchives archives, Map<String, String> environment, Supervisor supervisor, Screen screen)
      throws InterruptedException {
    if (archives.areComplete()) {
      return;
    }
    screen.say("  Preparing faster starts from now on ...");
    try {
      archives.make(Suite.inherited(environment), supervisor::isEnding);
    } catch (IOException e) {
      screen.say("  That failed, and is tried again at the next start: " + e.getMessage());
    }
  }

  /** Held until this process ends, however it ends. */
  private static void lock(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      var owner = ByteBuffer.allocate(20);
      channel.read(owner, 0);
      throw new UsageException(
          "make run of this clone is running already (pid %s). Stop it there with Ctrl-C."
              .formatted(
                  new String(owner.array(), 0, owner.position(), StandardCharsets.US_ASCII)
                      .strip()));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
        0);
  }

  private static void refuseTakenPorts(Suite suite, Settings settings) {
    List<String> taken =
        suite.ports().stream()
            .map(port -> port.listening(settings.port(port)))
            .filter(ListeningPort::isTaken)
            .map(ListeningPort::explanation)
            .toList();
    if (!taken.isEmpty()) {
      throw new UsageException("Nothing was started:\n  " + String.join("\n  ", taken));
    }
  }

  static String welcome(Settings settings) {
    var text = new StringBuilder("\nBackline is running.\n\n");
    if (settings.services().contains(Settings.EDGE)) {
      row(text, "web", settings.web());
      row(text, "short links", settings.shortLinks() + "/{code}");
      row(text, "edge", settings.web() + "/__edge");
    }
    if (settings.services().contains("be-api")) {
      row(text, "API", settings.url(Port.API) + "/api");
      row(text, "API pages", settings.url(Port.API) + "/api/docs");
    }
    if (settings.services().contains("redirector")) {
      row(text, "redirector", settings.url(Port.REDIRECTOR) + "/{code}");
    }
    if (settings.services().contains("event-worker")) {
      row(text, "event worker", settings.url(Port.WORKER) + "/actuator/health");
    }
    row(text, "traces", settings.url(Port.CLOUD) + "/traces");
    row(
        text,
        "AWS endpoint",
        "AWS_ENDPOINT_URL="
            + settings.url(Port.CLOUD)
            + "  (any key, region "
            + Suite.REGION
            + ")");
    row(
        text,
        "PostgreSQL",
        "postgresql://backline:backline@127.0.0.1:%d/backline"
            .formatted(settings.port(Port.POSTGRES)));
    row(text, "Redis", "redis://127.0.0.1:" + settings.port(Port.REDIS));
    text.append("\nIn a second terminal:  make demo   plays the whole story\n");
    text.append("                       make token  prints a token for the API\n");
    text.append("Ctrl-C stops everything. The logs of all parts follow.\n");
    return text.toString();
  }

  private static void row(StringBuilder text, String name, String value) {
    text.append("  %-14s %s%n".formatted(name, value));
  }
}
