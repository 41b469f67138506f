package dev.backline.desk.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.desk.logs.LogRenderer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

  private static final Supervisor.Limits PATIENT =
      new Supervisor.Limits(Duration.ofMinutes(1), Duration.ofSeconds(30));
  private static final Pattern PID = Pattern.compile("begins, pid (\\d+)");

  @TempDir Path logs;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> result = new CompletableFuture<>();
  private String java;

  @BeforeEach
  void findJava() {
    java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  @AfterEach
  void noProcessIsLeft() {
    await().untilAsserted(() -> assertThat(pids()).noneMatch(SupervisorTest::isAlive));
  }

  @Test
  void stagesStartInOrderAndStopInReverse() throws Exception {
    var supervisor =
        start(PATIENT, List.of(List.of(part("cloud")), List.of(part("api"), part("worker"))));
    ready.get();

    supervisor.stop();

    assertThat(result.get()).isEqualTo(Supervisor.STOPPED);
    assertThat(shown())
        .containsSubsequence(
            "cloud          ready",
            "ready",
            "READY",
            "stopped",
            "stopped",
            "cloud          stopped");
    await()
        .untilAsserted(
            () ->
                assertThat(logs.resolve("api.log"))
                    .content()
                    .contains("api begins", "api was asked to stop"));
  }

  @Test
  void aStageWaitsUntilTheOneBeforeIsReady() throws Exception {
    var supervisor = start(PATIENT, List.of(List.of(part("cloud", "slow")), List.of(part("api"))));
    await().untilAsserted(() -> assertThat(logs.resolve("cloud.log")).content().contains("begins"));

    supervisor.stop();

    assertThat(result.get()).isEqualTo(Supervisor.STOPPED);
    assertThat(logs.resolve("api.log")).doesNotExist();
  }

  @Test
  void whoDiesIsNamedWithItsLastLinesAndTheOthersAreStopped() throws Exception {
    start(PATIENT, List.of(List.of(part("cloud")), List.of(part("api", "dies"))));

    assertThat(result.get()).isEqualTo(Supervisor.FAILED);
    assertThat(shown())
        .containsPattern("api ended by itself after .* s, exit code 3")
        .contains("| 10:00:00.000 ERROR the reason", "cloud          stopped")
        .contains(logs.resolve("api.log").toString());
  }

  @Test
  void anotherOneIsStartedForAPartThatIsKilled() throws Exception {
    var supervisor =
        start(PATIENT, List.of(List.of(part("cloud")), List.of(replacedPart("worker"))));
    ready.get();

    awaitStarts("worker", 1);
    kill(pidsIn("worker").getLast());

    await()
        .untilAsserted(
            () ->
                assertThat(shown())
                    .containsSubsequence(
                        "READY",
                        "worker         ended by itself, exit code 137 (signal 9)",
                        "worker         ready"));
    awaitStarts("worker", 2);
    supervisor.stop();
    assertThat(result.get()).isEqualTo(Supervisor.STOPPED);
  }

  @Test
  void aPartThatKeepsDyingEndsTheSuite() throws Exception {
    start(PATIENT, List.of(List.of(replacedPart("worker"))));
    ready.get();

    for (int deaths = 1; deaths <= 4; deaths++) {
      awaitStarts("worker", deaths);
      kill(pidsIn("worker").getLast());
    }

    assertThat(result.get()).isEqualTo(Supervisor.FAILED);
    assertThat(shown()).contains("worker ended by itself after");
  }

  @Test
  void whoIsNotReadyInTimeIsNamed() throws Exception {
    start(
        new Supervisor.Limits(Duration.ofSeconds(2), Duration.ofSeconds(30)),
        List.of(List.of(part("cloud", "slow"))));

    assertThat(result.get()).isEqualTo(Supervisor.FAILED);
    assertThat(shown()).contains("cloud is not ready after 2.0 s");
  }

  @Test
  void whoCannotBeStartedIsNamed() throws Exception {
    var part =
        new Part(
            "api", List.of("/no/such/program"), Map.of(), URI.create("http://127.0.0.1:1/"), false);
    start(PATIENT, List.of(List.of(part)));

    assertThat(result.get()).isEqualTo(Supervisor.FAILED);
    assertThat(shown()).contains("api ended by itself", "exit code 127", "/no/such/program");
  }

  @Test
  void whoIgnoresSigtermIsKilledAfterTheLimit() throws Exception {
    var supervisor =
        start(
            new Supervisor.Limits(Duration.ofMinutes(1), Duration.ofSeconds(1)),
            List.of(List.of(part("api", "deaf"))));
    ready.get();

    supervisor.stop();

    assertThat(result.get()).isEqualTo(Supervisor.FAILED);
    assertThat(shown()).contains("api            did not stop within 1.0 s: killed");
  }

  @Test
  void theSecondRequestToStopKillsAtOnce() throws Exception {
    var supervisor = start(PATIENT, List.of(List.of(part("api", "deaf"))));
    ready.get();

    supervisor.stop();
    await()
        .untilAsserted(
            () -> assertThat(logs.resolve("api.log")).content().contains("asked to stop"));
    supervisor.stop();

    assertThat(result.get()).isEqualTo(Supervisor.KILLED);
    assertThat(shown()).contains("api            killed");
  }

  @Test
  void linesAreShownWithTheNameOnceAllIsReady() throws Exception {
    var chatty =
        new Part(
            "chatty",
            List.of(
                "/bin/sh",
                "-c",
                "while sleep 0.1; do echo '{\"message\":\"hello\",\"level\":\"INFO\"}'; done"),
            Map.of(),
            part("other").readiness(),
            false);
    var supervisor = start(PATIENT, List.of(List.of(serverFor(chatty), chatty)));
    ready.get();

    await().untilAsserted(() -> assertThat(shown()).contains("chatty |  INFO  hello"));
    supervisor.stop();
    assertThat(result.get()).isEqualTo(Supervisor.STOPPED);
  }

  @Test
  void aKilledSupervisorLeavesNoChild() throws Exception {
    Part part = part("orphan");
    Path log = logs.resolve("supervisor-output.log");
    var command =
        new ArrayList<>(
            List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                SupervisorInAProcess.class.getName()));
    command.addAll(List.of(logs.toString(), part.readiness().toString()));
    command.addAll(part.command());
    Process supervisor =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      await().untilAsserted(() -> assertThat(log).content().contains("READY"));
      awaitStarts("orphan", 1);
      assertThat(pids()).allMatch(SupervisorTest::isAlive);
    } finally {
      supervisor.destroyForcibly().waitFor();
    }

    await().untilAsserted(() -> assertThat(pids()).noneMatch(SupervisorTest::isAlive));
    assertThat(logs.resolve("orphan.log")).exists();
  }

  private Supervisor start(Supervisor.Limits limits, List<List<Part>> stages) {
    var screen = new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    var supervisor =
        new Supervisor(
            stages,
            limits,
            Map.of("PATH", System.getenv("PATH")),
            logs,
            new LogRenderer(false, ZoneOffset.UTC),
            screen);
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                result.complete(
                    supervisor.run(
                        () -> {
                          screen.say("READY");
                          ready.complete(null);
                        }));
              } catch (InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    return supervisor;
  }

  private Part part(String name, String... kind) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    var command = new ArrayList<>(List.of(java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(TinyServer.class.getName(), name, String.valueOf(port)));
    command.addAll(List.of(kind));
    return new Part(name, command, Map.of(), URI.create("http://127.0.0.1:" + port + "/"), false);
  }

  private Part replacedPart(String name) throws IOException {
    Part part = part(name);
    return new Part(name, part.command(), part.environment(), part.readiness(), true);
  }

  /** A server that answers for a part that has none of its own. */
  private Part serverFor(Part other) {
    return new Part(
        "server",
        List.of(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            TinyServer.class.getName(),
            "server",
            String.valueOf(other.readiness().getPort())),
        Map.of(),
        other.readiness(),
        false);
  }

  private List<Long> pids() throws IOException {
    var pids = new ArrayList<Long>();
    try (var files = Files.list(logs)) {
      for (Path file : files.toList()) {
        pids.addAll(pidsIn(file));
      }
    }
    return pids;
  }

  /** Its output takes a moment on its way to the file. */
  private void awaitStarts(String part, int number) {
    await().untilAsserted(() -> assertThat(pidsIn(part)).hasSize(number));
  }

  private List<Long> pidsIn(String part) throws IOException {
    return pidsIn(logs.resolve(part + ".log"));
  }

  private static List<Long> pidsIn(Path log) throws IOException {
    return PID.matcher(Files.readString(log))
        .results()
        .map(pid -> Long.valueOf(pid.group(1)))
        .toList();
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).isPresent();
  }

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }
}
