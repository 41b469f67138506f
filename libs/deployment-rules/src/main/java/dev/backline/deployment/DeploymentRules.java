package dev.backline.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that the numbers of a deployment agree, wherever they are written: Dockerfiles, compose
 * files, the services' settings and CloudFormation templates. What there is, is found by walking
 * the repository, so that a file that comes tomorrow is checked without anyone remembering.
 *
 * <pre>{@code
 * @Test
 * void theNumbersAgree() {
 *   assertThat(DeploymentRules.of(repository).handlerTakes("clicks", ofSeconds(45)).violations()).isEmpty();
 * }
 * }</pre>
 */
public final class DeploymentRules {

  private final Path root;
  private final Map<String, Duration> handlers = new LinkedHashMap<>();

  private DeploymentRules(Path root) {
    this.root = root;
  }

  /** The rules for everything below this directory, but for tests and what was built. */
  public static DeploymentRules of(Path repository) {
    return new DeploymentRules(repository);
  }

  /**
   * Tells the one number that no file holds: the longest time that a message of this queue may be
   * in hand. Every queue with a dead-letter queue needs it, since only who wrote the handler knows.
   *
   * @param queue its QueueName in the template
   */
  public DeploymentRules handlerTakes(String queue, Duration longest) {
    handlers.put(queue, longest);
    return this;
  }

  /**
   * A sentence for each number that does not fit, with its file and what to change; none when all
   * agree.
   *
   * @throws RuntimeException if a file cannot be read, or is no YAML or JSON
   * @throws IllegalStateException if {@code backline.shutdown.*} has neither a value nor a default,
   *     since graceful-shutdown is not on the class path
   */
  public List<String> violations() {
    try {
      Repository repository = Repository.walk(root);
      List<String> violations = new ArrayList<>();
      Templates templates = Templates.read(repository.templates(), repository::name);
      repository.services().forEach(service -> StopNumbers.check(service, templates, violations));
      for (Path file : repository.dockerfiles()) {
        Dockerfile.read(file).check(repository.name(file), violations);
      }
      for (Path file : repository.composeFiles()) {
        ComposeFile.read(file).check(repository, violations);
      }
      templates.check(repository, handlers, violations);
      return violations;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same for templates that are not among the repository's files, since a build makes them:
   * they alone are compared with the services' settings.
   *
   * @throws RuntimeException as {@link #violations}
   */
  public List<String> violationsOf(List<Path> templates) {
    try {
      Repository repository = Repository.walk(root);
      List<String> violations = new ArrayList<>();
      Templates made = Templates.read(templates, file -> file.getFileName().toString());
      repository.services().forEach(service -> StopNumbers.check(service, made, violations));
      made.check(repository, handlers, violations);
      return violations;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
