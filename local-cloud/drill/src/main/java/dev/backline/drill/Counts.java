package dev.backline.drill;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A number per name. */
final class Counts {

  private final Map<String, Long> numbers = new ConcurrentHashMap<>();

  void add(String name) {
    add(name, 1);
  }

  void add(String name, long number) {
    numbers.merge(name, number, Long::sum);
  }

  long of(String name) {
    return numbers.getOrDefault(name, 0L);
  }

  Set<String> names() {
    return Set.copyOf(numbers.keySet());
  }

  long sum() {
    return numbers.values().stream().mapToLong(Long::longValue).sum();
  }

  /** By how much these numbers exceed the others, name by name: a surplus makes up for no lack. */
  long beyond(Counts others) {
    return numbers.entrySet().stream()
        .mapToLong(entry -> Math.max(0, entry.getValue() - others.of(entry.getKey())))
        .sum();
  }
}
