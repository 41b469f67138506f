package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.LameDuck;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * The first step: everything that happens before Spring stops anything. The event reaches this
 * listener before all others, so that during the lame duck executors still accept tasks, the
 * management port still answers and the connector is still open.
 */
final class ShutdownStart implements ApplicationListener<ContextClosedEvent>, Ordered {

  /**
   * Spring Boot's WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE, which is not always there.
   */
  static final int WEB_DRAIN_PHASE = Integer.MAX_VALUE - 1024;

  private static final Logger log = LoggerFactory.getLogger(ShutdownStart.class);

  private final ApplicationContext context;
  private final Shutdown shutdown;
  private final ShutdownSignal signal;
  private final @Nullable Serving serving;

  ShutdownStart(
      ApplicationContext context,
      Shutdown shutdown,
      ShutdownSignal signal,
      @Nullable Serving serving) {
    this.context = context;
    this.shutdown = shutdown;
    this.signal = signal;
    this.serving = serving;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    // The management context's event arrives here too.
    if (!event.getApplicationContext().equals(context) || shutdown.begun()) {
      return;
    }
    Deadline deadline = shutdown.begin();
    refuseTraffic();
    if (serving != null && serving.running()) {
      if (signal.received()) {
        stayLameDuck(serving, deadline);
      }
      serving.endStreams();
    }
    new PhaseTimeouts(context)
        .follow(
            () -> deadline.remainingBefore(shutdown.budget().flushReserve()), shutdown::draining);
  }

  private void refuseTraffic() {
    var availability = context.getBeanProvider(ApplicationAvailability.class).getIfAvailable();
    // Spring Boot has done it already where there is a web server.
    if (availability == null
        || availability.getReadinessState() != ReadinessState.REFUSING_TRAFFIC) {
      AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    }
  }

  private void stayLameDuck(Serving server, Deadline deadline) {
    log.info("Shutdown: not ready any more, serving on until the balancer has noticed");
    try {
      shutdown.lameDuckWas(LameDuck.await(server.requests(), shutdown.budget(), deadline));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
