package dev.backline.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import tools.jackson.databind.json.JsonMapper;

/** A local cloud as a process of its own, started as make does it, on free ports. */
final class CloudProcess implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final Path output;
  private final Path stateFile;

  private CloudProcess(Process process, Path output, Path stateFile) {
    this.process = process;
    this.output = output;
    this.stateFile = stateFile;
  }

  static CloudProcess start(Path directory, String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/run/jvm.options",
                "-cp",
                "target/classes"
                    + File.pathSeparator
                    + Files.readString(Path.of("target/runtime.classpath")).strip(),
                LocalCloud.class.getName(),
                "--key-file=" + directory.resolve("key.json"),
                "--state-file=" + directory.resolve("state.json")));
    for (var port : List.of("cloud", "redis", "postgres", "xray")) {
      if (List.of(options).stream().noneMatch(option -> option.startsWith("--" + port + "-port"))) {
        command.add("--" + port + "-port=0");
      }
    }
    command.addAll(List.of(options));
    var output = Files.createTempFile(directory, "cloud", ".log");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new CloudProcess(process, output, directory.resolve("state.json"));
  }

  State awaitReady() {
    await().atMost(PATIENCE).until(() -> Files.exists(stateFile) || !process.isAlive());
    assertThat(stateFile).as(this::output).exists();
    return state();
  }

  private State state() {
    try {
      return JsonMapper.shared().readValue(Files.readString(stateFile), State.class);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  int awaitEnd() {
    await().atMost(PATIENCE).until(() -> !process.isAlive());
    return process.exitValue();
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Process process() {
    return process;
  }

  /** The JVM, the wrappers, Redis, PostgreSQL and its workers. */
  List<ProcessHandle> tree() {
    var all = new ArrayList<ProcessHandle>(process.descendants().toList());
    all.add(process.toHandle());
    return all;
  }

  static <B extends AwsClientBuilder<B, C>, C> C client(B builder, State state) {
    return builder
        .endpointOverride(URI.create(state.endpoint()))
        .region(Region.of(state.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .build();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
