package dev.backline.eventworker.clicks.sqs;

import dev.backline.eventworker.WorkerResources;
import dev.backline.eventworker.clicks.ClickCounter;
import dev.backline.eventworker.inbox.sqs.Inbox;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sqs.model.Message;

@Component
class ClicksListener {

  private final Inbox inbox;
  private final ClickCounter counter;
  private final String deadLetterQueue;

  ClicksListener(Inbox inbox, ClickCounter counter, WorkerResources resources) {
    this.inbox = inbox;
    this.counter = counter;
    this.deadLetterQueue = resources.clicksDeadLetterQueue();
  }

  @SqsListener(
      id = "clicks",
      queueNames = "${backline.resources.clicks-queue}",
      factory = "inboxListeners")
  void receive(Message message) {
    inbox.receive("clicks", message, deadLetterQueue, counter::count);
  }
}
