package dev.backline.desk;

import dev.backline.desk.process.ListeningPort;
import dev.backline.desk.process.ListeningPort.Protocol;

/** The ports of the suite. Each has a variable of make, or of the environment, that changes it. */
public enum Port {
  /** As LocalStack has it. */
  CLOUD("AWS endpoint", 4566),
  /** Not 6379: people have a Redis of their own. */
  REDIS("Redis", 16379),
  /** Not 5432: people have a PostgreSQL of their own. */
  POSTGRES("PostgreSQL", 15432),
  /** The X-Ray daemon's. */
  XRAY("X-Ray", 2000),
  API("be-api", 8081),
  API_MANAGEMENT("be-api management", 9081),
  REDIRECTOR("redirector", 8082),
  REDIRECTOR_MANAGEMENT("redirector management", 9082),
  WORKER("event-worker", 8083),
  EDGE("local-edge", 8080);

  private final String purpose;
  private final int usual;

  Port(String purpose, int usual) {
    this.purpose = purpose;
    this.usual = usual;
  }

  String variable() {
    return "PORT_" + name();
  }

  int usual() {
    return usual;
  }

  ListeningPort listening(int number) {
    return new ListeningPort(
        purpose, variable(), number, this == XRAY ? Protocol.UDP : Protocol.TCP);
  }
}
