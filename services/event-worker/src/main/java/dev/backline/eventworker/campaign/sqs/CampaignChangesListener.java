package dev.backline.eventworker.campaign.sqs;

import dev.backline.eventworker.WorkerResources;
import dev.backline.eventworker.campaign.CampaignProjection;
import dev.backline.eventworker.inbox.sqs.Inbox;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sqs.model.Message;

@Component
class CampaignChangesListener {

  private final Inbox inbox;
  private final CampaignProjection projection;
  private final String deadLetterQueue;

  CampaignChangesListener(Inbox inbox, CampaignProjection projection, WorkerResources resources) {
    this.inbox = inbox;
    this.projection = projection;
    this.deadLetterQueue = resources.campaignChangesDeadLetterQueue();
  }

  @SqsListener(
      id = "campaign-changes",
      queueNames = "${backline.resources.campaign-changes-queue}",
      factory = "inboxListeners")
  void receive(Message message) {
    inbox.receive("campaign-changes", message, deadLetterQueue, projection::project);
  }
}
