package dev.backline.dynamodbretry;

import java.time.Duration;

/** Monotonic time and waiting, so that tests prove bounds over hours of it without spending any. */
interface Time {

  Time SYSTEM =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration);
        }
      };

  long nanos();

  void sleep(Duration duration) throws InterruptedException;
}
