package dev.backline.xraytracing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Decides which new traces are recorded: the first few of each second, then a share of the rest.
 * Local on purpose: the SDK's default asks the daemon over TCP for rules every few seconds.
 */
final class Sampler {

  private final int reservoir;
  private final double rate;
  private final LongSupplier seconds;
  private final DoubleSupplier random;

  /** The second in the upper half, what was taken of its reservoir in the lower. */
  private final AtomicLong taken = new AtomicLong(-1);

  Sampler(int reservoir, double rate) {
    this(
        reservoir,
        rate,
        () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  Sampler(int reservoir, double rate, LongSupplier seconds, DoubleSupplier random) {
    this.reservoir = reservoir;
    this.rate = rate;
    this.seconds = seconds;
    this.random = random;
  }

  boolean sample() {
    return takeFromReservoir() || random.getAsDouble() < rate;
  }

  private boolean takeFromReservoir() {
    if (reservoir == 0) {
      return false;
    }
    long second = seconds.getAsLong() & 0x7fff_ffffL;
    long before;
    long after;
    do {
      before = taken.get();
      long count = before >>> 32 == second ? before & 0xffff_ffffL : 0;
      if (count >= reservoir) {
        return false;
      }
      after = second << 32 | (count + 1);
    } while (!taken.compareAndSet(before, after));
    return true;
  }
}
