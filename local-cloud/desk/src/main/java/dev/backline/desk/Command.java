package dev.backline.desk;

import java.io.IOException;

/**
 * What all commands have in common: an error that a person can put right is one line, and the exit
 * code tells.
 */
public final class Command {

  /** The exit code. */
  public static final int USAGE = 2;

  private Command() {}

  /** The work of a command. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  public static void run(Work work) throws IOException {
    try {
      work.run();
    } catch (UsageException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE);
    }
  }
}
