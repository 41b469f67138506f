package dev.backline.redirector.click.sqs;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.redirector.click.Click;
import dev.backline.redirector.click.ClickBuffer;
import dev.backline.redirector.click.ClickBuffer.TracedClick;
import dev.backline.redirector.click.ClickProperties;
import dev.backline.redirector.click.sqs.ClickQueue.SendFailedException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries clicks from the buffer to the queue on a virtual thread of its own: gathers for at most
 * 200 ms, sends what gathered in one request, and repeats the very same messages until SQS has
 * them. Meanwhile the buffer fills.
 *
 * <p>When the application stops it sends what is left without gathering, until the deadline.
 */
final class ClickSender implements DrainableWork {

  private static final Logger log = LoggerFactory.getLogger(ClickSender.class);

  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration BASE_RETRY_DELAY = Duration.ofMillis(100);

  /** Kept for writing what could not be sent to the log. */
  private static final Duration REPORT_RESERVE = Duration.ofMillis(500);

  private final ClickBuffer buffer;
  private final ClickQueue queue;
  private final DroppedClicks dropped;
  private final JsonMapper json;
  private final ClickProperties properties;
  private final Counter sent;
  private final Counter failures;
  private final Counter refused;
  private final Counter abandoned;
  private final AtomicInteger taken = new AtomicInteger();
  private final Thread thread = Thread.ofVirtual().name("click-sender").unstarted(this::run);

  private volatile boolean stopping;
  private boolean outage;

  /** The click that didn't fit into the last message any more. */
  private @Nullable TracedClick carried;

  ClickSender(
      ClickBuffer buffer,
      ClickQueue queue,
      DroppedClicks dropped,
      JsonMapper json,
      ClickProperties properties,
      MeterRegistry meters) {
    this.buffer = buffer;
    this.queue = queue;
    this.dropped = dropped;
    this.json = json;
    this.properties = properties;
    this.sent =
        Counter.builder("redirector.clicks.sent")
            .description("Clicks that SQS has accepted")
            .register(meters);
    this.failures =
        Counter.builder("redirector.clicks.send.failures")
            .description("Requests to SQS that failed and were repeated")
            .register(meters);
    this.refused = ClickBuffer.droppedClicks(meters, "refused");
    this.abandoned = ClickBuffer.droppedClicks(meters, "shutdown");
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        dropped.logIfDue();
        List<ClickMessage> messages = gather();
        if (!messages.isEmpty()) {
          sendAll(messages);
        } else if (stopping) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // Only flush() interrupts, after the deadline; it reports what is left.
    }
  }

  private List<ClickMessage> gather() throws InterruptedException {
    List<ClickMessage> messages = new ArrayList<>();
    TracedClick next = next(stopping ? Duration.ZERO : IDLE);
    if (next == null) {
      return messages;
    }
    Deadline gathered = Deadline.after(properties.batchDelay());
    long room = properties.maxMessage().toBytes();
    ClickMessage message = newMessage(room);
    while (next != null) {
      if (message.add(next)) {
        // A full message isn't held back; what waits already may share its request.
        boolean wait = messages.isEmpty() && !message.isFull();
        next = wait ? nextBy(gathered) : next(Duration.ZERO);
        continue;
      }
      messages.add(message);
      room -= message.bytes();
      if (messages.size() == ClickQueue.MAX_MESSAGES || room < message.bytes()) {
        carried = next;
        return messages;
      }
      message = newMessage(room);
    }
    messages.add(message);
    return messages;
  }

  /** Waits in short steps, so that a stop is noticed however long clicks are to be gathered. */
  private @Nullable TracedClick nextBy(Deadline gathered) throws InterruptedException {
    TracedClick next;
    do {
      next = next(stopping ? Duration.ZERO : gathered.remaining(IDLE));
    } while (next == null && !stopping && !gathered.hasPassed());
    return next;
  }

  private @Nullable TracedClick next(Duration wait) throws InterruptedException {
    TracedClick next = carried;
    if (next != null) {
      carried = null;
      return next;
    }
    next = buffer.poll(wait);
    if (next != null) {
      taken.incrementAndGet();
    }
    return next;
  }

  private ClickMessage newMessage(long maxBytes) {
    return new ClickMessage(json, properties.batchSize(), maxBytes);
  }

  private void sendAll(List<ClickMessage> messages) throws InterruptedException {
    List<ClickMessage> left = messages;
    try {
      for (int attempt = 0; !left.isEmpty(); attempt++) {
        if (attempt > 0) {
          failures.increment();
          pause(attempt);
        }
        left = send(left);
      }
    } catch (InterruptedException e) {
      left.forEach(this::abandon);
      throw e;
    }
  }

  private List<ClickMessage> send(List<ClickMessage> messages) throws InterruptedException {
    try {
      ClickQueue.Outcome outcome = queue.send(messages);
      for (ClickMessage message : messages) {
        if (outcome.refused().contains(message)) {
          drop(message.clicks(), refused);
        } else if (!outcome.again().contains(message)) {
          sent.increment(message.clicks().size());
          taken.addAndGet(-message.clicks().size());
        }
      }
      tellOutage(!outcome.again().isEmpty(), null);
      return outcome.again();
    } catch (SendFailedException e) {
      tellOutage(true, e.getCause());
      return messages;
    }
  }

  private void tellOutage(boolean now, @Nullable Throwable cause) {
    if (now && !outage) {
      log.warn("clicks cannot be sent, they wait in the buffer: {}", String.valueOf(cause));
    } else if (!now && outage) {
      log.info("clicks are sent again");
    }
    outage = now;
  }

  /** Full jitter; a redirector that stops has no time for long pauses. */
  private void pause(int attempt) throws InterruptedException {
    long longest =
        stopping
            ? BASE_RETRY_DELAY.toMillis()
            : Math.min(
                properties.maxRetryDelay().toMillis(),
                BASE_RETRY_DELAY.toMillis() << Math.min(attempt, 16));
    Deadline end =
        Deadline.after(Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest + 1)));
    boolean wasStopping = stopping;
    while (!end.hasPassed() && wasStopping == stopping) {
      dropped.logIfDue();
      Thread.sleep(end.remaining(IDLE));
    }
  }

  private void drop(List<Click> clicks, Counter reason) {
    clicks.forEach(dropped);
    reason.increment(clicks.size());
    taken.addAndGet(-clicks.size());
  }

  private void abandon(ClickMessage message) {
    drop(message.clicks(), abandoned);
    dropped.logNow();
  }

  @Override
  public String name() {
    return "clicks";
  }

  @Override
  public void stopIntake() {
    stopping = true;
  }

  @Override
  public int inFlight() {
    return buffer.size() + taken.get();
  }

  @Override
  public void flush(Deadline deadline) throws InterruptedException {
    stopping = true;
    if (!thread.join(deadline.remainingBefore(REPORT_RESERVE))) {
      thread.interrupt();
      thread.join();
    }
    ClickMessage left = newMessage(properties.maxMessage().toBytes());
    for (TracedClick click = next(Duration.ZERO); click != null; click = next(Duration.ZERO)) {
      if (!left.add(click)) {
        abandon(left);
        left = newMessage(properties.maxMessage().toBytes());
        left.add(click);
      }
    }
    abandon(left);
  }

  /**
   * For an application that stops without libs/graceful-shutdown; after a flush it finds nothing
   * left.
   */
  void close() throws InterruptedException {
    flush(Deadline.after(properties.closeTimeout()));
  }
}
