package dev.backline.xraytracing;

import com.amazonaws.xray.entities.Entity;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets context propagation carry the current segment to the threads of wrapped executors, virtual
 * ones included: the SDK keeps it in a plain thread-local, which no child thread inherits.
 */
final class TraceEntityAccessor implements ThreadLocalAccessor<Entity> {

  static final String KEY = "backline.xray.entity";

  private final Segments segments;

  TraceEntityAccessor(Segments segments) {
    this.segments = segments;
  }

  @Override
  public Object key() {
    return KEY;
  }

  @Override
  public @Nullable Entity getValue() {
    return segments.current();
  }

  @Override
  public void setValue(Entity entity) {
    segments.set(entity);
  }

  @Override
  public void setValue() {
    segments.set(null);
  }
}
