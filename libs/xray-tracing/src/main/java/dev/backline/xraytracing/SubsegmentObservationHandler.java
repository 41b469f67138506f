package dev.backline.xraytracing;

import com.amazonaws.xray.entities.Entity;
import com.amazonaws.xray.entities.Subsegment;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes each observation within a segment a subsegment, its low-cardinality key values annotations.
 * Received requests are left out, since the filter makes a segment of them, and so are Spring
 * Security's inner steps, which would be most of a trace.
 */
final class SubsegmentObservationHandler implements ObservationHandler<Observation.Context> {

  private static final String HEADER = "X-Amzn-Trace-Id";

  private final Segments segments;
  private final ThreadLocal<Deque<Optional<Entity>>> outer =
      ThreadLocal.withInitial(ArrayDeque::new);

  SubsegmentObservationHandler(Segments segments) {
    this.segments = segments;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return !(context instanceof ReceiverContext<?>)
        && !name(context).startsWith("spring.security.");
  }

  @Override
  public void onStart(Observation.Context context) {
    Entity parent = segments.current();
    if (parent == null || parent.isEmitted()) {
      return;
    }
    Subsegment subsegment =
        segments.beginSubsegment(
            Objects.requireNonNullElse(context.getContextualName(), name(context)));
    context.put(Subsegment.class, subsegment);
    if (context instanceof SenderContext<?> sender) {
      subsegment.setNamespace("remote");
      propagate(sender, subsegment);
    }
  }

  private static <C> void propagate(SenderContext<C> sender, Subsegment subsegment) {
    C carrier = sender.getCarrier();
    if (carrier == null) {
      return;
    }
    String root = "Root=" + subsegment.getTraceId();
    sender
        .getSetter()
        .set(
            carrier,
            HEADER,
            subsegment.isSampled()
                ? root + ";Parent=" + subsegment.getId() + ";Sampled=1"
                : root + ";Sampled=0");
  }

  private static String name(Observation.Context context) {
    return Objects.requireNonNullElse(context.getName(), "unnamed");
  }

  @Override
  public void onScopeOpened(Observation.Context context) {
    Subsegment subsegment = context.get(Subsegment.class);
    if (subsegment != null) {
      outer.get().push(Optional.ofNullable(segments.current()));
      segments.set(subsegment);
    }
  }

  @Override
  public void onScopeClosed(Observation.Context context) {
    Subsegment subsegment = context.get(Subsegment.class);
    Deque<Optional<Entity>> stack = outer.get();
    if (subsegment == null || stack.isEmpty()) {
      return;
    }
    Optional<Entity> before = stack.pop();
    if (stack.isEmpty()) {
      outer.remove();
    }
    // Context propagation may have put the thread in order before us.
    if (subsegment.equals(segments.current())) {
      segments.set(before.orElse(null));
    }
  }

  @Override
  public void onError(Observation.Context context) {
    Subsegment subsegment = context.get(Subsegment.class);
    Throwable error = context.getError();
    if (subsegment != null && error != null) {
      subsegment.addException(error);
    }
  }

  @Override
  public void onStop(Observation.Context context) {
    Subsegment subsegment = context.get(Subsegment.class);
    if (subsegment == null) {
      return;
    }
    if (subsegment.isSampled()) {
      for (KeyValue keyValue : context.getLowCardinalityKeyValues()) {
        subsegment.putAnnotation(annotationKey(keyValue.getKey()), keyValue.getValue());
      }
    }
    segments.endSubsegment(subsegment);
  }

  /** X-Ray drops annotations with other characters than these. */
  static String annotationKey(String key) {
    return key.replaceAll("[^A-Za-z0-9_]", "_");
  }
}
