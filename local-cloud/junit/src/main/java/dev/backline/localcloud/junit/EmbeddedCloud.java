package dev.backline.localcloud.junit;

import dev.backline.localcloud.junit.Connection.Aws;
import dev.backline.localcloud.junit.Connection.PostgresServer;
import dev.backline.localcloud.junit.Connection.RedisServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one local cloud of a build. The first test JVM that needs it starts it; it belongs to the
 * process that runs the build and ends with it. Its files are in {@code target/local-cloud} of the
 * repository, named by that process.
 */
final class EmbeddedCloud {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedCloud.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration START_TOLERANCE = Duration.ofSeconds(5);
  private static final String MAIN = "dev.backline.localcloud.LocalCloud";

  private EmbeddedCloud() {}

  static Connection connect() {
    var root = Repository.root();
    var directory = root.resolve("target/local-cloud");
    var owner = owner();
    var state = directory.resolve("cloud-" + owner.pid() + ".json");
    try {
      Files.createDirectories(directory);
      try (var lock =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        var running = readIfAlive(state);
        return connection(
            running.isPresent() ? running.get() : start(root, directory, owner, state));
      }
    } catch (IOException e) {
      throw new IllegalStateException("The local cloud cannot be used from " + directory, e);
    }
  }

  /**
   * The process that runs the build: the nearest Java process above this one (Maven, a Gradle or
   * Maven daemon, an IDE), or this one itself. Not the outermost: that may be an IDE or a CI agent
   * that stays for days.
   */
  private static ProcessHandle owner() {
    var self = ProcessHandle.current();
    for (var parent = self.parent(); parent.isPresent(); parent = parent.get().parent()) {
      var program =
          parent
              .get()
              .info()
              .command()
              .map(command -> Path.of(command).getFileName())
              .map(Path::toString);
      if (program.isPresent() && program.get().startsWith("java")) {
        return parent.get();
      }
    }
    return self;
  }

  /**
   * A file of a process that has ended, or whose pid is another's by now, is of no use; nor one
   * that holds something else, as a full disk or a crash can leave it.
   */
  static Optional<JsonNode> readIfAlive(Path state) throws IOException {
    if (!Files.exists(state)) {
      return Optional.empty();
    }
    Optional<JsonNode> alive;
    try {
      var json = JsonMapper.shared().readTree(Files.readString(state));
      var startedAt = Instant.parse(json.path("startedAt").asString(""));
      alive =
          ProcessHandle.of(json.path("pid").asLong(0))
              .filter(ProcessHandle::isAlive)
              .flatMap(process -> process.info().startInstant())
              .filter(start -> isNear(start, startedAt))
              .map(any -> json);
    } catch (JacksonException | DateTimeParseException e) {
      alive = Optional.empty();
    }
    if (alive.isEmpty()) {
      Files.delete(state);
    }
    return alive;
  }

  /** The system computes a start from its uptime, which moves with the clock. */
  private static boolean isNear(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(START_TOLERANCE) < 0;
  }

  private static JsonNode start(Path root, Path directory, ProcessHandle owner, Path state)
      throws IOException {
    var server = root.resolve("local-cloud/server");
    var classPath = server.resolve("target/runtime.classpath");
    if (!Files.exists(classPath)) {
      throw new IllegalStateException(
          classPath + " is missing: run ./mvnw -pl local-cloud/server -am process-classes first");
    }
    var output = directory.resolve("cloud-" + owner.pid() + ".log");
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "@" + server.resolve("src/main/run/jvm.options"),
                    "-cp",
                    server.resolve("target/classes")
                        + File.pathSeparator
                        + Files.readString(classPath).strip(),
                    MAIN,
                    "--cloud-port=0",
                    "--redis-port=0",
                    "--postgres-port=0",
                    "--xray-port=0",
                    "--template=none",
                    "--key-file=" + directory.resolve("signing-key.json"),
                    "--state-file=" + state,
                    "--parent-pid=" + owner.pid()))
            .directory(root.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    process.environment().remove("DATA");
    log.info("Starting the local cloud for process {}; its output is in {}", owner.pid(), output);
    var started = process.start();
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(state)) {
      if (!started.isAlive() || System.nanoTime() - deadline > 0) {
        started.destroy();
        throw new IllegalStateException(
            "The local cloud did not start:\n" + Files.readString(output));
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        started.destroy();
        throw new IllegalStateException("Interrupted while the local cloud starts", e);
      }
    }
    return JsonMapper.shared().readTree(Files.readString(state));
  }

  private static Connection connection(JsonNode state) {
    var endpoint = URI.create(state.path("endpoint").asString());
    return new Connection(
        "embedded",
        new Aws(endpoint, state.path("region").asString(), "test", "test"),
        new RedisServer(URI.create(state.path("redisUri").asString()), true),
        new PostgresServer(
            state.path("jdbcUrl").asString(),
            state.path("jdbcUser").asString(),
            state.path("jdbcPassword").asString()),
        state.path("xrayDaemonAddress").asString(),
        endpoint.resolve("/traces"));
  }
}
