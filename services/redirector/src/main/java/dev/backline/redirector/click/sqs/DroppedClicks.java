package dev.backline.redirector.click.sqs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.backline.redirector.click.Click;
import dev.backline.redirector.click.ClickBuffer.TracedClick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes dropped clicks to the log, at most one line per second, as the very message that would
 * have been sent: its field {@code replay} can be put on the queue by hand. What a line has no room
 * for is only counted.
 */
final class DroppedClicks implements Consumer<Click> {

  private static final Logger log = LoggerFactory.getLogger(DroppedClicks.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int CLICKS_PER_LINE = 200;

  /**
   * Half of what CloudWatch Logs takes as one event, since a quote counts double within a JSON
   * string.
   */
  private static final int BYTES_PER_LINE = 120 * 1_024;

  private final JsonMapper json;
  private final Ticker ticker;
  private List<Click> waiting = new ArrayList<>();
  private long tooMany;
  private long lastLine;

  DroppedClicks(JsonMapper json, Ticker ticker) {
    this.json = json;
    this.ticker = ticker;
    this.lastLine = ticker.read() - INTERVAL.toNanos();
  }

  /** Only remembers: the caller is in the middle of a redirect. */
  @Override
  public synchronized void accept(Click click) {
    if (waiting.size() < CLICKS_PER_LINE) {
      waiting.add(click);
    } else {
      tooMany++;
    }
  }

  /** Writes the line if there is something to write and the last one is a second old. */
  void logIfDue() {
    log(false);
  }

  /** Writes the line if there is something to write. */
  void logNow() {
    log(true);
  }

  private void log(boolean now) {
    List<Click> clicks;
    long notLogged;
    synchronized (this) {
      boolean due = now || ticker.read() - lastLine >= INTERVAL.toNanos();
      if (waiting.isEmpty() || !due) {
        return;
      }
      clicks = waiting;
      notLogged = tooMany;
      waiting = new ArrayList<>();
      tooMany = 0;
      lastLine = ticker.read();
    }
    ClickMessage message = new ClickMessage(json, CLICKS_PER_LINE, BYTES_PER_LINE);
    for (Click click : clicks) {
      if (!message.add(new TracedClick(click, null))) {
        notLogged++;
      }
    }
    log.atWarn()
        .setMessage(
            "dropped clicks: {} in this line, {} more; replay by sending the field 'replay'")
        .addArgument(message.clicks().size())
        .addArgument(notLogged)
        .addKeyValue("replay", message.body())
        .log();
  }
}
