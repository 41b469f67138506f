package dev.backline.dynamodbretry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes at once, and remembers what was waited for. */
final class VirtualTime implements Time {

  private final List<Duration> waits = new ArrayList<>();
  private long nanos = 42;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    waits.add(duration);
    pass(duration);
  }

  void pass(Duration duration) {
    nanos += duration.toNanos();
  }

  List<Duration> waits() {
    return waits;
  }

  Duration waited() {
    return waits.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
