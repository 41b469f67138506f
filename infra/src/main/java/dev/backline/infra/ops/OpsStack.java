package dev.backline.infra.ops;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.alarms.AlarmTopic;
import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.cdn.CdnStack;
import dev.backline.infra.data.DataStack;
import dev.backline.infra.database.DatabaseStack;
import dev.backline.infra.network.ManagementNetwork;
import dev.backline.infra.services.ServicesStack;
import software.amazon.awscdk.App;

/** {@code <env>-ops}: alarms, dashboard, traces, logs and budget. */
public final class OpsStack extends BacklineStack {

  public OpsStack(
      App app,
      EnvConfig env,
      ManagementNetwork management,
      ServicesStack services,
      DataStack data,
      DatabaseStack database,
      CdnStack cdn) {
    super(app, env, "ops");
    var topic = new AlarmTopic(this, env).topic();
    var alarms = new Alarms(this, env, topic);
    var servicesWatch = new ServicesWatch(services);
    servicesWatch.raise(alarms);
    var stores = new StoresWatch(env, data, database);
    stores.raise(alarms);
    var logs = new LogShipping(this, env, management, database.searchDomain(), services.services());
    logs.watch(alarms);
    new EcsEvents(this, env, topic);
    new Tracing(this, env);
    new Budget(this, env);
    new Overview(this, env, alarms, servicesWatch, stores, logs, cdn);
  }
}
