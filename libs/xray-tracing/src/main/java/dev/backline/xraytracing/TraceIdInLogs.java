package dev.backline.xraytracing;

import com.amazonaws.xray.entities.Entity;
import com.amazonaws.xray.listeners.SegmentListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Keeps {@code traceId} in the log context of every thread that carries a segment. */
final class TraceIdInLogs implements SegmentListener {

  static final String KEY = "traceId";

  @Override
  public void onSetEntity(@Nullable Entity previous, @Nullable Entity current) {
    if (current == null) {
      MDC.remove(KEY);
    } else {
      MDC.put(KEY, current.getTraceId().toString());
    }
  }

  @Override
  public void onClearEntity(@Nullable Entity previous) {
    MDC.remove(KEY);
  }
}
