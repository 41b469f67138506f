package dev.backline.xraytracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private final AtomicLong second = new AtomicLong();

  @Test
  void theFirstOfEachSecondAreTakenWhateverTheRate() {
    Sampler sampler = new Sampler(2, 0, second::get, () -> 0.0);

    assertThat(sampled(sampler, 10)).isEqualTo(2);
    second.incrementAndGet();
    assertThat(sampled(sampler, 10)).isEqualTo(2);
  }

  @Test
  void beyondTheReservoirTheRateDecides() {
    AtomicLong draw = new AtomicLong();
    Sampler sampler = new Sampler(1, 0.25, second::get, () -> draw.getAndIncrement() % 4 / 4.0);

    assertThat(sampled(sampler, 1 + 100)).isEqualTo(1 + 25);
  }

  @Test
  void withoutReservoirAndRateNothingIsTaken() {
    assertThat(sampled(new Sampler(0, 0), 1_000)).isZero();
  }

  @Test
  void aRateOfOneTakesAll() {
    assertThat(sampled(new Sampler(0, 1), 1_000)).isEqualTo(1_000);
  }

  @Test
  void theReservoirIsNeverOverdrawnByConcurrentRequests() {
    Sampler sampler = new Sampler(5, 0, second::get, () -> 0.0);

    assertThat(IntStream.range(0, 10_000).parallel().filter(i -> sampler.sample()).count())
        .isEqualTo(5);
  }

  private static long sampled(Sampler sampler, int requests) {
    return IntStream.range(0, requests).filter(i -> sampler.sample()).count();
  }
}
