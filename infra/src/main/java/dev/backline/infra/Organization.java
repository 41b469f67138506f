package dev.backline.infra;

import java.util.List;

/** What environments have in common: the account, and the office. Written here once. */
public final class Organization {

  public static final String ACCOUNT = "111111111111";
  public static final String REGION = "ap-northeast-2";

  /** Public addresses of the office: the only ones that reach a bastion. */
  public static final List<String> OFFICE_ADDRESSES = List.of("203.0.113.0/28");

  /** Addresses inside of the office, reached over the VPN. */
  public static final String OFFICE_CIDR = "172.16.0.0/16";

  public static final String MANAGEMENT_CIDR = "10.0.0.0/16";

  /** On GitHub: whose workflows deploy, and where the runbooks are read. */
  public static final String REPOSITORY = "backline-dev/backline";

  /** Who is told of alarms and of the budget. */
  public static final String ALARM_EMAIL = "oncall@backline.dev";

  private Organization() {}
}
