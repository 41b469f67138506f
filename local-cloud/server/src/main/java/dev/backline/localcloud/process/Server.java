package dev.backline.localcloud.process;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that can go away and come back, to see what the suite does meanwhile. */
public final class Server implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private final Supplier<ChildProcess> launch;
  private volatile ChildProcess process;
  private volatile boolean wanted = true;

  private Server(Supplier<ChildProcess> launch) {
    this.launch = launch;
    this.process = launched();
  }

  static Server start(Supplier<ChildProcess> launch) {
    return new Server(launch);
  }

  private ChildProcess launched() {
    var fresh = launch.get();
    fresh.whenEnded(
        () -> {
          if (wanted) {
            log.warn("{} has ended by itself: {}", fresh.name(), fresh.lastLines());
          }
        });
    return fresh;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Starts it again if it has been stopped or has died, and waits until it answers. */
  public synchronized void startAgain() {
    if (!process.isAlive()) {
      wanted = true;
      process = launched();
    }
  }

  /** Stops it and waits for its end. */
  public synchronized void stop() {
    wanted = false;
    process.close();
  }

  @Override
  public void close() {
    stop();
  }
}
