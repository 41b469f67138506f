package dev.backline.infra.edge;

import dev.backline.infra.edge.Distributions.Behavior;
import dev.backline.infra.edge.Distributions.Distribution;
import dev.backline.infra.edge.Distributions.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether each name in distributions.json is there, and each function may run where it is put. */
final class References {

  private static final Set<Event> VIEWER_EVENTS =
      EnumSet.of(Event.VIEWER_REQUEST, Event.VIEWER_RESPONSE);

  /** MB. Lambda@Edge has no more at viewer events. */
  private static final int VIEWER_MEMORY = 128;

  private final Path file;
  private final Distributions all;
  private final List<String> problems = new ArrayList<>();

  References(Path file, Distributions all) {
    this.file = file;
    this.all = all;
  }

  List<String> problems() {
    all.distributions().forEach(this::check);
    return problems;
  }

  private void check(String name, Distribution distribution) {
    String place = "distributions." + name;
    named(place + ".webAcl", distribution.webAcl(), all.webAcls().keySet());
    for (int i = 0; i < distribution.behaviors().size(); i++) {
      check(place + ".behaviors[%d]".formatted(i), distribution.behaviors().get(i), distribution);
    }
    check(place + ".defaultBehavior", distribution.defaultBehavior(), distribution);
  }

  private void check(String place, Behavior behavior, Distribution distribution) {
    named(place + ".origin", behavior.origin(), distribution.origins().keySet());
    named(place + ".cachePolicy", behavior.cachePolicy(), all.cachePolicies().keySet());
    named(
        place + ".originRequestPolicy",
        behavior.originRequestPolicy(),
        all.originRequestPolicies().keySet());
    named(
        place + ".responseHeadersPolicy",
        behavior.responseHeadersPolicy(),
        all.responseHeadersPolicies().keySet());
    behavior.functions().forEach((event, name) -> function(place, event, name));
    if (VIEWER_EVENTS.stream()
            .map(event -> all.functions().get(behavior.functions().getOrDefault(event, "")))
            .filter(settings -> settings != null)
            .map(settings -> settings.isCloudFrontFunction())
            .distinct()
            .count()
        > 1) {
      problem(
          place + ".functions",
          "has a CloudFront Function and a Lambda@Edge function at its viewer events; use one kind");
    }
  }

  private void function(String behavior, Event event, String name) {
    String place = behavior + ".functions." + event;
    named(place, name, all.functions().keySet());
    var settings = all.functions().get(name);
    if (settings == null) {
      return;
    }
    if (settings.isCloudFrontFunction() && !VIEWER_EVENTS.contains(event)) {
      problem(
          place,
          "\"%s\" is a CloudFront Function, which runs at viewer events only".formatted(name));
    }
    Integer memory = settings.memory();
    if (VIEWER_EVENTS.contains(event) && memory != null && memory > VIEWER_MEMORY) {
      problem(
          place,
          "\"%s\" has %d MB, and %d MB is what Lambda@Edge has at viewer events"
              .formatted(name, memory, VIEWER_MEMORY));
    }
  }

  private void named(String place, @Nullable String name, Collection<String> there) {
    if (name != null && !there.contains(name)) {
      problem(place, "there is no \"%s\"; there are: %s".formatted(name, String.join(", ", there)));
    }
  }

  private void problem(String place, String message) {
    problems.add("%s: %s: %s".formatted(file, place, message));
  }
}
