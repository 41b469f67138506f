package dev.backline.infra.network;

/** The TCP ports in a VPC beside 443. */
public final class Ports {

  /** Each service in its container. */
  public static final int SERVICE = 8080;

  public static final int POSTGRES = 5432;
  public static final int CACHE = 6379;

  private Ports() {}
}
