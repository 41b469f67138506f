package dev.backline.localcloud.junit;

import dev.backline.localcloud.junit.Connection.Aws;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * An emulator in a container of this test JVM, on a free port. It ends with the JVM: Testcontainers
 * watches from a container of its own (Ryuk), so that a killed JVM leaves nothing behind either.
 */
final class EmulatorContainer {

  /** LocalStack takes 5 to 15 s; beside a build that uses every processor, longer. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** LocalStack's images after 4.14.0 end at once without it. */
  private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";

  private EmulatorContainer() {}

  /** All images that a start needs. */
  @SuppressWarnings("deprecation") // there is no other way to learn the name of Ryuk's image
  static List<String> images(Emulator emulator) {
    var unwatched = Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"));
    return unwatched
        ? List.of(emulator.image())
        : List.of(emulator.image(), TestcontainersConfiguration.getInstance().getRyukImage());
  }

  /** Starts it from images that are there. */
  @SuppressWarnings("resource") // every test of the JVM uses it
  static Aws start(Emulator emulator) {
    var container =
        new GenericContainer<>(DockerImageName.parse(emulator.image()))
            .withImagePullPolicy(image -> false)
            .withEnv(emulator.environment())
            .withExposedPorts(Emulator.PORT)
            .waitingFor(
                Wait.forHttp(emulator.healthPath())
                    .forPort(Emulator.PORT)
                    .withStartupTimeout(PATIENCE));
    var token = System.getenv(TOKEN);
    if (token != null) {
      container.withEnv(TOKEN, token);
    }
    container.start();
    var endpoint = "http://" + container.getHost() + ":" + container.getMappedPort(Emulator.PORT);
    return new Aws(URI.create(endpoint), "ap-northeast-2", "test", "test");
  }
}
