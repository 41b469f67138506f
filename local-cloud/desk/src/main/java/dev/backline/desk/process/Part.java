package dev.backline.desk.process;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * One process of a suite.
 *
 * @param name as shown before each of its log lines
 * @param command program and arguments
 * @param environment variables next to those that all parts get
 * @param readiness answers 200 as soon as the part can be used
 * @param replaced whether another one is started when it dies, as ECS does with a task; not for a
 *     part whose state dies with it
 */
public record Part(
    String name,
    List<String> command,
    Map<String, String> environment,
    URI readiness,
    boolean replaced) {

  public Part {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
