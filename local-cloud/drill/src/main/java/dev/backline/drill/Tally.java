package dev.backline.drill;

import java.util.Set;

/**
 * What was sent, and what of it arrived.
 *
 * @param twice arrived, or was handled, more than once; those beyond the first are counted
 * @param mayBeLost in these modes
 * @param mayComeTwice in these modes
 */
record Tally(
    String what,
    long sent,
    long arrived,
    long twice,
    long lost,
    Set<Mode> mayBeLost,
    Set<Mode> mayComeTwice) {

  /** Never lost, never twice. */
  static Tally exact(String what, long sent, long arrived, long twice, long lost) {
    return new Tally(what, sent, arrived, twice, lost, Set.of(), Set.of());
  }

  Tally mayBeLostIn(Mode... modes) {
    return new Tally(what, sent, arrived, twice, lost, Set.of(modes), mayComeTwice);
  }

  Tally mayComeTwiceIn(Mode... modes) {
    return new Tally(what, sent, arrived, twice, lost, mayBeLost, Set.of(modes));
  }
}
