package dev.backline.desk.demo;

import java.util.List;

/** Base URLs of a running suite. */
public record Addresses(String api, String redirector, String cloud) {

  /** What has to answer 200 before a story can be played. */
  List<String> readiness() {
    return List.of(api + "/readyz", redirector + "/readyz", cloud + "/health");
  }
}
