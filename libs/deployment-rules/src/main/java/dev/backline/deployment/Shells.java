package dev.backline.deployment;

import java.util.List;
import java.util.Set;

/** Programs that stand between a signal and the service. */
final class Shells {

  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "busybox");

  private Shells() {}

  static void check(String file, String where, String program, List<String> violations) {
    String name = program.substring(program.lastIndexOf('/') + 1);
    if (SHELLS.contains(name) || name.endsWith(".sh")) {
      violations.add(
          "%s: %s starts %s, a shell, which gets SIGTERM instead of Java. Start java itself; options go into JAVA_TOOL_OPTIONS."
              .formatted(file, where, program));
    }
  }
}
