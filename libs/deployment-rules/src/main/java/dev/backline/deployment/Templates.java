package dev.backline.deployment;

import dev.backline.deployment.Settings.Setting;
import dev.backline.deployment.StopNumbers.IdleTimeout;
import dev.backline.gracefulshutdown.ShutdownBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The CloudFormation templates' resources that have numbers to do with stopping, each with what AWS
 * does without a setting.
 */
record Templates(List<Resource> resources) {

  /**
   * One resource.
   *
   * @param file its template
   */
  record Resource(String file, String id, String type, JsonNode properties) {

    boolean is(String wanted) {
      return type.equals("AWS::" + wanted);
    }

    /** The value of a target group's or a load balancer's attribute. */
    OptionalLong attribute(String list, String key, long usual) {
      for (JsonNode attribute : properties.path(list)) {
        if (attribute.path("Key").asString("").equals(key)) {
          return number(attribute.path("Value"), usual);
        }
      }
      return OptionalLong.of(usual);
    }
  }

  private static final long USUAL_STOP = 30;
  private static final long USUAL_DEREGISTRATION = 300;
  private static final long USUAL_IDLE = 60;
  private static final long USUAL_VISIBILITY = 30;

  static Templates read(List<Path> files, Function<Path, String> names) throws IOException {
    List<Resource> resources = new ArrayList<>();
    for (Path file : files) {
      JsonNode template = JsonMapper.shared().readTree(Files.readString(file));
      template
          .path("Resources")
          .forEachEntry(
              (id, resource) ->
                  resources.add(
                      new Resource(
                          names.apply(file),
                          id,
                          resource.path("Type").asString(""),
                          resource.path("Properties"))));
    }
    return new Templates(resources);
  }

  /** Of all balancers, and 60 s where there is none yet. */
  IdleTimeout longestIdleTimeout() {
    return of("ElasticLoadBalancingV2::LoadBalancer")
        .filter(
            balancer ->
                balancer.properties().path("Type").asString("application").equals("application"))
        .flatMap(
            balancer ->
                balancer
                    .attribute("LoadBalancerAttributes", "idle_timeout.timeout_seconds", USUAL_IDLE)
                    .stream()
                    .mapToObj(
                        seconds ->
                            new IdleTimeout(
                                Duration.ofSeconds(seconds),
                                balancer.file() + ", " + balancer.id())))
        .max(Comparator.comparing(IdleTimeout::value))
        .orElse(new IdleTimeout(Duration.ofSeconds(USUAL_IDLE), "what an ALB does by default"));
  }

  void check(Repository repository, Map<String, Duration> handlers, List<String> violations) {
    of("ECS::TaskDefinition").forEach(task -> checkTask(repository, task, violations));
    of("ElasticLoadBalancingV2::TargetGroup")
        .forEach(group -> checkTargetGroup(repository, group, violations));
    checkQueues(handlers, violations);
  }

  private Stream<Resource> of(String type) {
    return resources.stream().filter(resource -> resource.is(type));
  }

  private static void checkTask(Repository repository, Resource task, List<String> violations) {
    String family = task.properties().path("Family").asString("");
    List<JsonNode> containers =
        task.properties().path("ContainerDefinitions").valueStream().toList();
    boolean found = false;
    for (JsonNode container : containers) {
      String name = container.path("Name").asString("");
      Optional<Service> service = repository.service(name);
      if (service.isEmpty() && containers.size() == 1) {
        service = repository.service(family);
      }
      if (service.isPresent()) {
        found = true;
        checkContainer(service.get(), task, container, violations);
      }
    }
    if (!found && !repository.services().isEmpty()) {
      violations.add(
          "%s: no container of %s has the name of a service, so that its StopTimeout cannot be compared. Name it like one of %s."
              .formatted(
                  task.file(),
                  task.id(),
                  repository.services().stream().map(Service::name).toList()));
    }
  }

  private static void checkContainer(
      Service service, Resource task, JsonNode container, List<String> violations) {
    String where = task.id() + ", container " + container.path("Name").asString("");
    Map<String, Object> environment = new HashMap<>();
    for (JsonNode variable : container.path("Environment")) {
      if (variable.path("Value").isString()) {
        environment.put(variable.path("Name").asString(""), variable.path("Value").asString());
      }
    }
    Setting stopTimeout = StopNumbers.stopTimeout(service.with(environment, task.file()));
    OptionalLong seconds = number(container.path("StopTimeout"), USUAL_STOP);
    if (seconds.isEmpty() || seconds.getAsLong() != stopTimeout.value().toSeconds()) {
      violations.add(
          "%s: %s: StopTimeout=%s is not the %s of %s. Set it to %d."
              .formatted(
                  task.file(),
                  where,
                  text(seconds),
                  stopTimeout,
                  stopTimeout.file(),
                  stopTimeout.value().toSeconds()));
    }
    for (String started : List.of("EntryPoint", "Command")) {
      JsonNode program = container.path(started).path(0);
      if (program.isString()) {
        Shells.check(task.file(), where + ": " + started, program.asString(), violations);
      }
    }
  }

  private static void checkTargetGroup(
      Repository repository, Resource group, List<String> violations) {
    Optional<Duration> shortest =
        repository.services().stream()
            .flatMap(service -> StopNumbers.drain(service.settings()).stream())
            .min(Comparator.naturalOrder());
    OptionalLong delay =
        group.attribute(
            "TargetGroupAttributes", "deregistration_delay.timeout_seconds", USUAL_DEREGISTRATION);
    if (shortest.isPresent()
        && (delay.isEmpty() || delay.getAsLong() > shortest.get().toSeconds())) {
      violations.add(
          "%s: %s: deregistration_delay.timeout_seconds=%s is longer than the %s in which requests have to end (stop-timeout minus safety-margin minus flush-reserve). Set it to %d or less."
              .formatted(
                  group.file(),
                  group.id(),
                  text(delay),
                  ShutdownBudget.text(shortest.get()),
                  shortest.get().toSeconds()));
    }
  }

  private void checkQueues(Map<String, Duration> handlers, List<String> violations) {
    Set<String> unknown = new HashSet<>(handlers.keySet());
    of("SQS::Queue")
        .filter(queue -> queue.properties().has("RedrivePolicy"))
        .forEach(
            queue -> {
              String name = queue.properties().path("QueueName").asString(queue.id());
              unknown.remove(name);
              Duration longest = handlers.get(name);
              OptionalLong visibility =
                  number(queue.properties().path("VisibilityTimeout"), USUAL_VISIBILITY);
              if (longest == null) {
                violations.add(
                    "%s: %s: nobody has told how long a message of the queue %s may be in hand, to compare its VisibilityTimeout=%s with. Call handlerTakes(\"%s\", …)."
                        .formatted(queue.file(), queue.id(), name, text(visibility), name));
              } else if (visibility.isEmpty() || visibility.getAsLong() <= longest.toSeconds()) {
                violations.add(
                    "%s: %s: VisibilityTimeout=%s is not longer than the %s that a message of the queue %s may be in hand, so that a second worker would get it meanwhile. Set it to more than %d."
                        .formatted(
                            queue.file(),
                            queue.id(),
                            text(visibility),
                            ShutdownBudget.text(longest),
                            name,
                            longest.toSeconds()));
              }
            });
    for (String queue : unknown) {
      violations.add(
          "handlerTakes(\"%s\", %s): no template has a queue of this name with a RedrivePolicy. Correct the name, or remove the call."
              .formatted(queue, ShutdownBudget.text(handlers.getOrDefault(queue, Duration.ZERO))));
    }
  }

  /** Empty where the template computes it, which nobody can compare. */
  private static OptionalLong number(JsonNode value, long usual) {
    if (value.isMissingNode()) {
      return OptionalLong.of(usual);
    }
    String text = value.asString("");
    return text.matches("\\d+") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private static String text(OptionalLong number) {
    return number.isEmpty() ? "(computed)" : String.valueOf(number.getAsLong());
  }
}
