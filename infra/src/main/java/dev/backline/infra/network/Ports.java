package dev.backline.infra.network;

/** The TCP ports in a VPC beside 443. */
public final class Ports {

  public static final int BE_API = 8081;
  public static final int REDIRECTOR = 8082;
  public static final int POSTGRES = 5432;
  public static final int CACHE = 6379;

  private Ports() {}
}
