package dev.backline.infra.alarms;

import dev.backline.infra.Organization;
import java.util.Locale;

/** The pages in {@code docs/runbooks}, by their names. */
public enum Runbook {
  BALANCER_ERRORS,
  BUDGET,
  CACHE_PRESSURE,
  CERTIFICATE_EXPIRY,
  CLICKS_DROPPED,
  DATABASE_LOAD,
  DEAD_LETTERS,
  DEPLOYMENT_ROLLED_BACK,
  DYNAMODB_THROTTLED,
  EDGE_ERRORS,
  FIREWALL_BLOCKS,
  LOG_SHIPPING,
  QUEUE_BACKLOG,
  SEARCH_CLUSTER,
  SERVICE_ERRORS,
  SLOW_RESPONSES,
  TOO_FEW_TASKS,
  UNCLEAN_STOP;

  /** In the folder {@code docs/runbooks}. */
  public String page() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".md";
  }

  public String url() {
    return "https://github.com/%s/blob/main/docs/runbooks/%s"
        .formatted(Organization.REPOSITORY, page());
  }
}
