package dev.backline.drill;

import dev.backline.desk.process.ListeningPort;
import dev.backline.desk.process.ListeningPort.Protocol;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody uses. */
final class FreePorts {

  private static final int LOWEST = 10_240;

  /** From here on Linux gives ports to outgoing connections, of which a drill makes many. */
  private static final int TOO_HIGH = 32_768;

  private static final int ATTEMPTS = 1_000;

  private final Set<Integer> given = new HashSet<>();

  int next() {
    return next(Protocol.TCP);
  }

  int next(Protocol protocol) {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, TOO_HIGH);
      if (!new ListeningPort("drill", "", port, protocol).isTaken() && given.add(port)) {
        return port;
      }
    }
    throw new DrillException(
        "No port from %d to %d is free; end what listens there".formatted(LOWEST, TOO_HIGH - 1));
  }
}
