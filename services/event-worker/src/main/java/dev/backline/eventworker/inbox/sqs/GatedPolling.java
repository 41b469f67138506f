package dev.backline.eventworker.inbox.sqs;

import dev.backline.eventworker.inbox.IntakeGate;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler;
import java.time.Duration;

/** Lets no receive call happen while the gate is shut. */
record GatedPolling(IntakeGate gate) implements BackPressureHandler {

  @Override
  public int request(int amount) {
    return gate.isOpen() ? amount : 0;
  }

  @Override
  public void release(int amount, ReleaseReason reason) {}

  @Override
  public boolean drain(Duration timeout) {
    return true;
  }
}
