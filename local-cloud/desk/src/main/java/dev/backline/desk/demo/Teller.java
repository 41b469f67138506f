package dev.backline.desk.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints the story: numbered steps, the commands that would do the same by hand, and what came of
 * them.
 */
final class Teller {

  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean colours;
  private int steps;
  private long stepBegan;

  Teller(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  void step(String title) {
    steps++;
    stepBegan = System.nanoTime();
    out.println("\n" + in(BOLD, steps + "  " + title));
  }

  void command(String command) {
    out.println(in(DIM, "   $ " + command));
  }

  void say(String text) {
    text.lines().forEach(line -> out.println("   " + line));
  }

  /** Ends a step that held. */
  void done(String text) {
    out.println("   " + in(GREEN, "ok ") + text + in(DIM, "  (" + seconds(sinceStep()) + ")"));
  }

  void failed(String message) {
    out.println("   " + in(RED, "FAILED ") + message);
  }

  void end(String text) {
    out.println("\n" + text);
  }

  Duration sinceStep() {
    return Duration.ofNanos(System.nanoTime() - stepBegan);
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private String in(String colour, String text) {
    return colours ? colour + text + RESET : text;
  }
}
