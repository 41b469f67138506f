package dev.backline.redirector.click.sqs;

import dev.backline.redirector.click.Click;
import dev.backline.redirector.click.ClickBuffer.TracedClick;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One SQS message of the form {@code clicks.v1} in the making. Its batch id is chosen once and
 * stays the same however often it is sent: by it the worker counts the clicks once.
 */
final class ClickMessage {

  private static final String HEAD = "{\"type\":\"clicks.v1\",\"batch\":\"%s\",\"clicks\":[";
  private static final String TAIL = "]}";
  private static final int FRAME = HEAD.length() + 36 + TAIL.length();

  private final JsonMapper json;
  private final int maxClicks;
  private final long maxBytes;
  private final StringBuilder body =
      new StringBuilder(4_096).append(HEAD.formatted(UUID.randomUUID()));
  private final List<Click> clicks = new ArrayList<>();
  private int bytes = FRAME;
  private @Nullable String traceHeader;

  ClickMessage(JsonMapper json, int maxClicks, long maxBytes) {
    this.json = json;
    this.maxClicks = maxClicks;
    this.maxBytes = maxBytes;
  }

  /** Returns false, and takes nothing, when the click doesn't fit any more. */
  boolean add(TracedClick traced) {
    Click click = traced.click();
    String text = json.writeValueAsString(ClickJson.of(click));
    int size = text.getBytes(StandardCharsets.UTF_8).length + 1;
    if (clicks.size() == maxClicks || (bytes + size > maxBytes && !clicks.isEmpty())) {
      return false;
    }
    if (!clicks.isEmpty()) {
      body.append(',');
    }
    body.append(text);
    bytes += size;
    clicks.add(click);
    if (traceHeader == null) {
      traceHeader = traced.traceHeader();
    }
    return true;
  }

  boolean isFull() {
    return clicks.size() == maxClicks;
  }

  int bytes() {
    return bytes;
  }

  List<Click> clicks() {
    return Collections.unmodifiableList(clicks);
  }

  /** The header of the first traced click, or null when none is traced. */
  @Nullable String traceHeader() {
    return traceHeader;
  }

  String body() {
    return body + TAIL;
  }

  private record ClickJson(
      String at,
      String code,
      @Nullable String country,
      String device,
      @Nullable String referrer,
      String kind) {

    static ClickJson of(Click click) {
      return new ClickJson(
          click.at().toString(),
          click.code(),
          click.country(),
          click.device().label(),
          click.referrer(),
          click.kind().label());
    }
  }
}
