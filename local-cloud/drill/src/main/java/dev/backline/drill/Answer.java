package dev.backline.drill;

/** What became of a request, as the client saw it. */
enum Answer {
  EXPECTED("answered"),
  BAD_GATEWAY("502 by the balancer"),
  UNAVAILABLE("503 by the balancer"),
  REFUSED("connection refused"),
  RESET("connection reset"),
  TIMEOUT("timeout"),
  WRONG("wrong answer");

  private final String label;

  Answer(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
