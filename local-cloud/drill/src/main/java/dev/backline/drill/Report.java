package dev.backline.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The results of some runs side by side, as a table that is also Markdown. */
final class Report {

  private final List<Result> results;
  private final List<List<String>> rows = new ArrayList<>();

  private Report(List<Result> results) {
    this.results = results;
  }

  static String of(List<Result> results) {
    return new Report(results).text();
  }

  private String text() {
    row("", result -> result.mode().label());
    rows.add(List.of());
    number("requests sent", result -> result.requests().sent());
    for (Answer answer : Answer.values()) {
      String label = answer == Answer.EXPECTED ? "answered" : "failed: " + answer.label();
      number("requests " + label, result -> result.requests().count(answer));
    }
    row("slowest answer", result -> seconds(result.requests().slowest()));
    List<Tally> first = results.getFirst().tallies();
    for (int i = 0; i < first.size(); i++) {
      int tally = i;
      String what = first.get(i).what();
      number(what + ": sent", result -> result.tallies().get(tally).sent());
      number(what + ": arrived", result -> result.tallies().get(tally).arrived());
      number(what + ": twice", result -> result.tallies().get(tally).twice());
      number(what + ": lost", result -> result.tallies().get(tally).lost());
    }
    row("signal to exit, median", result -> seconds(median(durations(result.exits()))));
    row("signal to exit, longest", result -> seconds(durations(result.exits()).getLast()));
    row("longest without traffic", result -> seconds(durations(result.idleExits()).getLast()));
    row("exit codes", result -> codes(result));
    row("verdict", result -> result.violations().isEmpty() ? "ok" : "FAILED");
    return table() + verdicts();
  }

  private void number(String name, ToLongFunction<Result> value) {
    row(name, result -> String.format(Locale.ROOT, "%,d", value.applyAsLong(result)));
  }

  private void row(String name, Function<Result, String> value) {
    var row = new ArrayList<>(List.of(name));
    results.forEach(result -> row.add(value.apply(result)));
    rows.add(row);
  }

  private String table() {
    var widths = new ArrayList<Integer>();
    for (int column = 0; column <= results.size(); column++) {
      int index = column;
      widths.add(
          rows.stream()
              .filter(row -> !row.isEmpty())
              .mapToInt(row -> row.get(index).length())
              .max()
              .orElse(0));
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < widths.size(); column++) {
        int width = widths.get(column);
        String cell =
            row.isEmpty()
                ? column == 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":"
                : column == 0 ? left(row.get(0), width) : right(row.get(column), width);
        text.append("| ").append(cell).append(' ');
      }
      text.append("|\n");
    }
    return text.toString();
  }

  private String verdicts() {
    var text = new StringBuilder("\n");
    for (Result result : results) {
      String mode = result.mode().label();
      result
          .requests()
          .wrong()
          .forEach((what, count) -> text.append("%s: %d x %s%n".formatted(mode, count, what)));
      result
          .violations()
          .forEach(violation -> text.append("%s FAILED: %s%n".formatted(mode, violation)));
    }
    return text.toString();
  }

  private static String codes(Result result) {
    Map<Integer, Long> codes = new TreeMap<>();
    result.exits().forEach(exit -> codes.merge(exit.code(), 1L, Long::sum));
    result.idleExits().forEach(exit -> codes.merge(exit.code(), 1L, Long::sum));
    return codes.entrySet().stream()
        .map(entry -> entry.getValue() + " x " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Sorted. */
  private static List<Duration> durations(List<Instance.Exit> exits) {
    return exits.stream().map(Instance.Exit::after).sorted(Comparator.naturalOrder()).toList();
  }

  static Duration median(List<Duration> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2);
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static String left(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }
}
