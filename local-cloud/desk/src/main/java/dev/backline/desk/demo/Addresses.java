package dev.backline.desk.demo;

import java.util.List;

/**
 * Base URLs of a running suite.
 *
 * @param web the web distribution, where people come in
 * @param shortLinks the short-link distribution
 */
public record Addresses(
    String web, String shortLinks, String api, String redirector, String cloud) {

  /** What has to answer 200 before a story can be played. */
  List<String> readiness() {
    return List.of(
        web + "/__edge/health", api + "/readyz", redirector + "/readyz", cloud + "/health");
  }
}
