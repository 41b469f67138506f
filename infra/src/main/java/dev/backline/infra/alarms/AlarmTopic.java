package dev.backline.infra.alarms;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** Who is told. One topic per region: an alarm reaches topics of its own region only. */
public final class AlarmTopic extends Construct {

  private final Topic topic;

  @SuppressWarnings("this-escape") // the CDK builds its tree in constructors
  public AlarmTopic(Construct scope, EnvConfig env) {
    super(scope, "AlarmTopic");
    topic =
        Topic.Builder.create(this, "Topic")
            .displayName("Backline " + env.name())
            .enforceSsl(true)
            .build();
    topic.addSubscription(new EmailSubscription(Organization.ALARM_EMAIL));
    // A topic with a policy of its own has lost what lets the account's alarms in.
    var sameAccount = new LinkedHashMap<String, Object>();
    sameAccount.put("StringEquals", Map.of("aws:SourceAccount", env.account()));
    topic.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(sameAccount)
            .build());
  }

  public Topic topic() {
    return topic;
  }
}
