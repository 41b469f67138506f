package dev.backline.infra.report;

import dev.backline.infra.report.CloudAssembly.Resource;
import dev.backline.infra.report.CloudAssembly.Stack;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many resources of which type each stack has: short enough to be read in a review. */
final class Inventory {

  private Inventory() {}

  static String of(CloudAssembly assembly) {
    int all = assembly.stacks().stream().mapToInt(stack -> stack.resources().size()).sum();
    return "%d resources in %d stacks%n%n".formatted(all, assembly.stacks().size())
        + assembly.stacks().stream().map(Inventory::of).collect(Collectors.joining("\n"));
  }

  private static String of(Stack stack) {
    var counts =
        stack.resources().stream()
            .collect(Collectors.groupingBy(Resource::type, TreeMap::new, Collectors.counting()));
    var text =
        new StringBuilder(
            "%s (%s): %d%n".formatted(stack.name(), stack.region(), stack.resources().size()));
    counts.forEach((type, count) -> text.append("%5d  %s%n".formatted(count, type)));
    return text.toString();
  }
}
