package dev.backline.gracefulshutdown;

/**
 * Something that fetches work by itself, such as a queue listener. It is stopped at the moment the
 * lame duck begins, beside it and not after it: what it would still fetch only makes the drain
 * longer.
 */
public interface Intake {

  /** The name in the report. */
  String name();

  /**
   * Fetches nothing from now on and returns when everything that was fetched has been handled.
   * Interrupted when that takes too long.
   */
  void stop() throws Exception;
}
