package dev.backline.desk.process;

import java.io.PrintStream;
import java.util.List;

/**
 * Where lines of several processes meet, one after the other, each with the name of its process in
 * its colour.
 */
public final class Screen {

  private static final String RESET = "\u001b[0m";
  private static final List<String> COLOURS =
      List.of("\u001b[36m", "\u001b[32m", "\u001b[33m", "\u001b[35m", "\u001b[34m", "\u001b[31m");

  private final PrintStream out;
  private final boolean colours;

  public Screen(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  public boolean colours() {
    return colours;
  }

  public synchronized void say(String text) {
    out.println(text);
    out.flush();
  }

  /** Shows text of a process; each of its lines gets the name. */
  public synchronized void say(Name name, String text) {
    text.lines().forEach(line -> out.println(name.prefix + line));
    out.flush();
  }

  /**
   * The name of a process as shown here.
   *
   * @param index chooses the colour
   * @param width of the column of names, in characters
   */
  public Name name(String name, int index, int width) {
    String padded = name + " ".repeat(Math.max(0, width - name.length()));
    String coloured =
        colours ? COLOURS.get(index % COLOURS.size()) + padded + " |" + RESET : padded + " |";
    return new Name(coloured + " ");
  }

  /** A name with its colour. */
  public static final class Name {
    private final String prefix;

    private Name(String prefix) {
      this.prefix = prefix;
    }
  }
}
