package dev.backline.infra.management;

import dev.backline.infra.BacklineStack;
import dev.backline.infra.EnvConfig;
import dev.backline.infra.Organization;
import dev.backline.infra.network.ManagementNetwork;
import software.amazon.awscdk.App;

/** {@code management}: the network that looks after the environments, and the people. */
public final class ManagementStack extends BacklineStack {

  private static final int ZONES = 2;

  private final ManagementNetwork network;

  public ManagementStack(App app) {
    super(app, "management", "management", Organization.ACCOUNT, Organization.REGION, ZONES, true);
    network = new ManagementNetwork(this, ZONES);
    // All of them, whichever are deployed now: this stack is the same for each.
    new People(this, EnvConfig.all());
  }

  public ManagementNetwork network() {
    return network;
  }
}
