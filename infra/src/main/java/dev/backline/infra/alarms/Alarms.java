package dev.backline.infra.alarms;

import dev.backline.infra.EnvConfig;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/**
 * The alarms of one stack. Each names its runbook, so that whoever it wakes knows where to begin.
 */
public final class Alarms {

  private final Construct scope;
  private final EnvConfig env;
  private final List<ITopic> topics;
  private final List<Alarm> all = new ArrayList<>();

  /**
   * @param topics who is told; none where a deployment looks at the alarms instead
   */
  public Alarms(Construct scope, EnvConfig env, ITopic... topics) {
    this.scope = scope;
    this.env = env;
    this.topics = List.of(topics);
  }

  /**
   * When a metric is not what it should be.
   *
   * @param name of the alarm, after the environment's
   * @param runbook page in {@code docs/runbooks}
   * @param meaning one sentence
   */
  public Alarm raise(String name, Runbook runbook, String meaning, When when) {
    var alarm =
        Alarm.Builder.create(scope, id(name))
            .alarmName(env.name() + "-" + name)
            .alarmDescription(meaning + " Runbook: " + runbook.url())
            .metric(when.metric())
            .threshold(when.threshold())
            .comparisonOperator(when.comparison())
            .evaluationPeriods(when.periods())
            .treatMissingData(when.missing())
            .build();
    topics.forEach(topic -> alarm.addAlarmAction(new SnsAction(topic)));
    topics.forEach(topic -> alarm.addOkAction(new SnsAction(topic)));
    all.add(alarm);
    return alarm;
  }

  /** Those that were raised, in their order. */
  public List<Alarm> all() {
    return List.copyOf(all);
  }

  private static String id(String name) {
    var id = new StringBuilder();
    for (String word : name.split("-", -1)) {
      id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return id + "Alarm";
  }
}
