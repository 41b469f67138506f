package dev.backline.beapi.campaign.sns;

import dev.backline.beapi.campaign.CampaignChanged;
import dev.backline.xraytracing.TraceContext;
import java.time.Duration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends committed campaign changes to the topic. The event publication registry stores the event
 * together with the change and keeps it until this method returns; when it throws, or the process
 * dies, the event is sent again later. So a consumer may get a change twice or late, never not at
 * all.
 */
@Component
class CampaignTopic {

  /** Names the listener in the registry. Renaming it would strand what is stored. */
  private static final String LISTENER = "campaign-events";

  /** Half of the age at which others take a publication to be left behind. */
  private static final Duration LONGEST_SENDING = Duration.ofSeconds(10);

  private final SnsClient sns;
  private final JsonMapper json;
  private final TraceContext trace;
  private final String topicArn;

  CampaignTopic(
      SnsClient sns, JsonMapper json, TraceContext trace, CampaignTopicProperties properties) {
    this.sns = sns;
    this.json = json;
    this.trace = trace;
    this.topicArn = properties.campaignEventsTopicArn();
  }

  @Async
  @TransactionalEventListener(id = LISTENER)
  public void send(CampaignChanged change) {
    var body = json.writeValueAsString(CampaignMessage.of(change));
    trace.run(
        change.trace(),
        LISTENER,
        () ->
            sns.publish(
                request ->
                    request
                        .topicArn(topicArn)
                        .message(body)
                        .overrideConfiguration(o -> o.apiCallTimeout(LONGEST_SENDING))));
  }
}
