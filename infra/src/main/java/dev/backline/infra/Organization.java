package dev.backline.infra;

import java.util.List;

/**
 * What environments have in common: the account and the office. All values are placeholders, from
 * ranges that belong to nobody; put your own here, once.
 */
public final class Organization {

  public static final String ACCOUNT = "111111111111";

  public static final String REGION = "ap-northeast-2";

  /** The addresses that the office has in the internet: the only ones that reach a bastion. */
  public static final List<Cidr> OFFICE_ADDRESSES = List.of(new Cidr("203.0.113.0/28"));

  /** Where the IPsec tunnels end in the office. */
  public static final String OFFICE_GATEWAY = "203.0.113.1";

  /** The addresses inside of the office. */
  public static final Cidr OFFICE_NETWORK = new Cidr("172.16.0.0/16");

  public static final Cidr MANAGEMENT_NETWORK = new Cidr("10.0.0.0/16");

  /** On GitHub: whose workflows deploy, and where the runbooks are read. */
  public static final String REPOSITORY = "backline-dev/backline";

  /** Who is told of alarms and of the budget. */
  public static final String ALARM_EMAIL = "oncall@backline.dev";

  private Organization() {}
}
